import { parseArgs } from 'node:util';

export interface Flags {
  readonly list: boolean;
  readonly json: boolean;
  /** Those that are over in seconds, with incidents that clear sooner. */
  readonly smoke: boolean;
  /** Names, of which a scenario must be one; all, if there are none. */
  readonly only: readonly string[];
}

export function parseFlags(): Flags {
  const { values } = parseArgs({
    options: {
      list: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  return { ...values, only: values.only.flatMap((names) => names.split(',')) };
}
