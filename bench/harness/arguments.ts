import { basename } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `usage: node bench/${basename(process.argv[1] ?? '')} [--smoke] [--json] [--only NAME]

  --smoke      smaller loads and loose bars: shows that it runs, not that the machine is quiet
  --json       the figures as JSON on standard output
  --only NAME  one scenario of bench/blame.bench.ts
  --help       this

Ends with 0 when every figure holds its bar, with 1 when one does not.`;

/** What a bench was called with. Ends the process where it shall only help, or can't make sense of it. */
export function benchArguments() {
  const { help, ...flags } = parse();
  if (!help) return flags;
  console.log(USAGE);
  process.exit();
}

function parse() {
  try {
    return parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (fault) {
    console.error(`${(fault as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}
