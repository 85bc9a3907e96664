import { basename } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';

const USAGE = `usage: node bench/${basename(process.argv[1] ?? '')} [--smoke] [--json] [--only NAME]

  --smoke      smaller loads and loose bars: shows that it runs, not that the machine is quiet
  --json       the figures as JSON on standard output
  --only NAME  one scenario of bench/blame.bench.ts
  --help       this

Ends with 0 when every figure holds its bar, with 1 when one does not.`;

/** What a bench was called with. */
export function benchArguments() {
  return commandArguments(USAGE, {
    json: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
  });
}

type Values<Options extends ParseArgsConfig['options']> = ReturnType<typeof parseArgs<{ options: Options }>>['values'];

/** Ends the process where it shall only help (`--help`, `-h`), or can't make sense of what it was called with. */
export function commandArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: Options,
): Values<Options> {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } });
    if (!('help' in values)) return values as Values<Options>;
  } catch (fault) {
    console.error(`${(fault as Error).message}\n\n${usage}`);
    process.exit(2);
  }
  console.log(usage);
  process.exit();
}
