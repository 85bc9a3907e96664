import { commandArguments } from '../../bench/harness/arguments.ts';

export interface Flags {
  readonly list: boolean;
  readonly json: boolean;
  /** Those that are over in seconds, with incidents that clear sooner. */
  readonly smoke: boolean;
  /** Names, of which a scenario must be one; all, if there are none. */
  readonly only: readonly string[];
}

const USAGE = `usage: node scenarios/scenarios.ts [--list] [--smoke] [--json] [--only NAME[,NAME]]...

  --list       the scenarios: what each does, and what must be told of it
  --smoke      only those that are over in seconds, and incidents that clear sooner
  --json       the verdicts as JSON on standard output
  --only NAME  these alone
  --help       this

Ends with 0 when all are as they must be, with 1 when one is not.`;

export function parseFlags(): Flags {
  const { only, ...flags } = commandArguments(USAGE, {
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
  });
  return { ...flags, only: only.flatMap((names) => names.split(',')) };
}
