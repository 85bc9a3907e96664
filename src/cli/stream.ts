import { STREAM_KINDS } from '../core/model/stream.ts';
import { Refused } from './ask.ts';
import type { Command, OwnFlag } from './command.ts';
import { exporterAt, URL_FLAG } from './inquiry.ts';
import { type FlagValues, readFlags } from './own-flags.ts';
import { painter } from './paint.ts';
import { EXIT, type Shell } from './shell.ts';
import type { Message } from './sse.ts';
import { messages } from './stream-source.ts';
import { type StreamEvent, streamLine } from './stream-words.ts';
import { misused } from './usage.ts';

const FLAGS: readonly OwnFlag[] = [
  { name: 'kinds', value: 'KINDS', summary: `Only these, separated by commas: ${STREAM_KINDS.join(', ')}.` },
  { name: 'workload', value: 'NAME', summary: 'Only events of this workload, and incidents that it suffers from.' },
  URL_FLAG,
];

export const stream: Command = {
  name: 'stream',
  summary: 'Print events as they happen',
  details:
    'Asks a running exporter, and prints a line for each fork, exec, exit, long wait for a CPU, storm of forks and OOM kill, and for what becomes of each incident (opened, peaked: worse than before, resolved, lost), until interrupted. When the exporter goes away it is waited for, and asked for what happened meanwhile. Where events are missing, a line says so.',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS);
    if ('problem' in read) return misused(read.problem, 'stream', shell.stderr);
    const url = exporterAt(read.values, 'stream', shell);
    if (url === undefined) return EXIT.usage;

    try {
      await print(url, queryOf(read.values), wantsJson, shell);
      return EXIT.ok;
    } catch (error) {
      if (error instanceof Refused) return misused(error.message, 'stream', shell.stderr);
      throw error;
    }
  },
};

async function print(base: URL, query: URLSearchParams, wantsJson: boolean, shell: Shell): Promise<void> {
  const { stdout, stderr, env } = shell;
  const paint = painter(stdout, env);
  const source = {
    base,
    query,
    stopping: shell.stopping(),
    onGone: (reason: string) => stderr.write(`culprit stream: ${reason}; waiting for it\n`),
    onBack: () => stderr.write('culprit stream: it is back\n'),
  };

  for await (const message of messages(source)) {
    const event = eventOf(message);
    stdout.write(wantsJson ? `${JSON.stringify(event)}\n` : `${streamLine(event, paint)}\n`);
    if (source.stopping.aborted) return;
  }
}

/** The notice of a loss names its kind only beside its data. */
function eventOf({ event, data }: Message): StreamEvent {
  const told = JSON.parse(data) as StreamEvent;
  return event === 'lost' ? { ...told, kind: 'lost' } : told;
}

function queryOf({ kinds, workload }: FlagValues): URLSearchParams {
  const query = new URLSearchParams();
  if (kinds !== undefined) query.set('kinds', kinds);
  if (workload !== undefined) query.set('workload', workload);
  return query;
}
