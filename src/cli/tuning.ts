import { CONFIG_FLAG, KEYS } from '../config/index.ts';
import type { OwnFlag } from './command.ts';
import type { FlagValues } from './own-flags.ts';

/** Those of `culprit run` that say how detectors judge. */
export const TUNING: readonly OwnFlag[] = [
  {
    name: CONFIG_FLAG,
    value: 'FILE',
    isPath: true,
    summary: 'Judge by the detectors of this configuration, not by those of the recording.',
  },
  ...KEYS.filter(({ path, form }) => path[0] === 'detectors' && (form === 'number' || form === 'boolean')).map(
    ({ flag, form, schema }): OwnFlag => ({
      name: flag,
      summary: schema.description ?? '',
      ...(form === 'boolean' ? { value: 'true|false', isOptional: true } : { value: 'NUMBER' }),
    }),
  ),
];

/** As the configuration reads them. */
export function tuningOf(values: FlagValues): string[] {
  return TUNING.flatMap(({ name, isOptional }) => {
    const value = values[name];
    return value === undefined ? [] : [`--${name}=${value === '' && isOptional ? 'true' : value}`];
  });
}
