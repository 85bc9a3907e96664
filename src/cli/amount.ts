import { duration, percent } from './blame-words.ts';
import { bytes } from './process-cells.ts';

/** Units of UCUM that people have other words for. */
const UNITS: Readonly<Record<string, (value: number) => string>> = {
  '1': (value) => (value > 0 && value <= 1 ? percent(value) : number(value)),
  '%': (value) => `${number(value)} %`,
  s: duration,
  ms: (value) => duration(value / 1_000),
  By: bytes,
  'By/s': (value) => `${bytes(value)}/s`,
};

/** A number with its unit: "212 forks/s", "312 MiB", "94 %". */
export function amount(value: number, unit: string): string {
  const known = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (known !== undefined) return known(value);
  const [, thing, rest = ''] = /^\{(.*)\}(.*)$/.exec(unit) ?? [];
  return thing === undefined ? `${number(value)} ${unit}` : `${number(value)} ${plural(thing, value)}${rest}`;
}

/** As many digits as mean something. */
function number(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(2)));
}

function plural(thing: string, value: number): string {
  if (value === 1) return thing;
  return /(?:s|x|ch|sh)$/.test(thing) ? `${thing}es` : `${thing}s`;
}
