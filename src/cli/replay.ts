import { describeFaults, tunedDetectors } from '../config/index.ts';
import type { Command, OwnFlag } from './command.ts';
import { readFlags } from './own-flags.ts';
import { printable } from './paint.ts';
import { replayText } from './replay-table.ts';
import type { Replayed } from './replayed.ts';
import { exitFor } from './run.ts';
import { EXIT } from './shell.ts';
import { lookOf } from './table.ts';
import { TUNING, tuningOf } from './tuning.ts';
import { misused } from './usage.ts';

const FLAGS: readonly OwnFlag[] = TUNING;

export const replay: Command = {
  name: 'replay',
  summary: 'Say what Culprit concludes of a recording',
  details:
    'Drives the same engine with the events that culprit run --record wrote, in their own time, and prints what it concluded: incidents, who stalled whom, the longest waits, and the accounts. Detectors judge as they did there; with the flags below you learn how they would have judged otherwise. The same file and flags give the same output, to the byte. A file that was cut off is replayed up to there. Exit code 1: the file is damaged, or none of ours; of a damaged one, what stands before the damage is printed all the same.',
  argument: 'FILE',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const { stdout, stderr, readFile } = shell;
    const read = readFlags(args, FLAGS, 1);
    if ('problem' in read) return misused(read.problem, 'replay', stderr);
    const [file] = read.words;
    if (file === undefined) return misused('expected a FILE; got nothing', 'replay', stderr);

    const tune = (recorded: object) => tunedDetectors(recorded, { flags: tuningOf(read.values), readFile });
    const { faults } = tune({});
    if (faults.length > 0) {
      stderr.write(`${describeFaults(faults)}\n`);
      return exitFor(faults);
    }
    const replayed = await shell.replay(file, tune);
    stdout.write(wantsJson ? asJson(replayed) : replayText(replayed, lookOf(shell)));
    const { ending, endingReason } = replayed.recording;
    if (endingReason !== '') stderr.write(`culprit replay: ${printable(`${file}: ${endingReason}`)}; ${ADVICE}\n`);
    return ending === 'damaged' ? EXIT.failure : EXIT.ok;
  },
};

const ADVICE = 'replayed up to there';

function asJson({ recording, incidents, sections }: Replayed): string {
  const told = Object.fromEntries(sections.map(({ name, rows }) => [name, rows]));
  return `${JSON.stringify({ recording, incidents, ...told }, null, 2)}\n`;
}
