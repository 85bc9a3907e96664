import { parseArgs } from 'node:util';

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

/** Ends the process where it shall only help, or can't make sense of what it was called with. */
export function parseFlags(): Flags {
  const { help, only, ...flags } = parse();
  if (!help) return { ...flags, only: only.flatMap((names) => names.split(',')) };
  console.log(USAGE);
  process.exit();
}

function parse() {
  try {
    return parseArgs({
      options: {
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (fault) {
    console.error(`${(fault as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
