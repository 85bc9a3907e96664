import type { Command } from './command.ts';
import { painter, printable, widthOf } from './paint.ts';
import { replayText } from './replay-table.ts';
import type { Replayed } from './replayed.ts';
import { EXIT } from './shell.ts';
import { misused, unexpected } from './usage.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'Say what Culprit concludes of a recording',
  details:
    'Drives the same engine with the events that culprit run --record wrote, in their own time, and prints what it concluded: who stalled whom, the longest waits, and the accounts. The same file gives the same output, to the byte. A file that was cut off is replayed up to there. Exit code 1: the file is damaged, or none of ours; of a damaged one, what stands before the damage is printed all the same.',
  argument: 'FILE',
  takesConfig: false,
  takesJson: true,
  async execute({ args: [file, extra], wantsJson }, shell) {
    const { stdout, stderr, env } = shell;
    if (file === undefined) return misused('expected a FILE; got nothing', 'replay', stderr);
    if (file.startsWith('-')) return unexpected(file, 'replay', stderr);
    if (extra !== undefined) return unexpected(extra, 'replay', stderr);

    const replayed = await shell.replay(file);
    const tableWidth = stdout.isTTY === true ? widthOf(stdout) : Number.POSITIVE_INFINITY;
    stdout.write(wantsJson ? asJson(replayed) : replayText(replayed, { paint: painter(stdout, env), tableWidth }));
    const { ending, endingReason } = replayed.recording;
    if (endingReason !== '') stderr.write(`culprit replay: ${printable(`${file}: ${endingReason}`)}; ${ADVICE}\n`);
    return ending === 'damaged' ? EXIT.failure : EXIT.ok;
  },
};

const ADVICE = 'replayed up to there';

function asJson({ recording, sections }: Replayed): string {
  const told = Object.fromEntries(sections.map(({ name, rows }) => [name, rows]));
  return `${JSON.stringify({ recording, ...told }, null, 2)}\n`;
}
