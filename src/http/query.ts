/** A parameter of the query that is wrong; the message names it, and says what was expected. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly statusCode = 400;
}

/** Each value at most once; throws a `QueryError` on a name that is not one of these. */
export function readQuery<Name extends string>(query: unknown, names: readonly Name[]): Partial<Record<Name, string>> {
  const values: Partial<Record<Name, string>> = {};

  for (const [name, value] of Object.entries(query ?? {})) {
    const known = names.find((each) => each === name);
    if (known === undefined)
      throw new QueryError(`unknown parameter ${JSON.stringify(name)}; expected one of ${names.join(', ')}`);
    if (typeof value !== 'string') throw new QueryError(`${name}: expected one value; got ${[value].flat().length}`);
    if (value === '') throw new QueryError(`${name}: expected a value; got nothing`);
    values[known] = value;
  }
  return values;
}

/** Throws a `QueryError` that names the choices. */
export function choiceOf<Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((each) => each === value);
  if (choice === undefined)
    throw new QueryError(`${name}: expected ${choices.join(' or ')}; got ${JSON.stringify(value)}`);
  return choice;
}

/** A whole number, in decimal; throws a `QueryError` that names the range. */
export function numberOf(name: string, value: string, min: number, max: number): number {
  const number = /^\d{1,20}$/.test(value) ? Number(value) : Number.NaN;

  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_VALUE ? '' : ` from ${min} to ${max}`;
  throw new QueryError(`${name}: expected a whole number${range}; got ${JSON.stringify(value)}`);
}

/** `30s`, `30` and `0.5m` in milliseconds; throws a `QueryError` that names the range. */
export function durationOf(name: string, value: string, minMs: number, maxMs: number): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(value) ?? [];
  const ms = Number(number) * UNITS_MS[unit as keyof typeof UNITS_MS];

  if (ms >= minMs && ms <= maxMs) return ms;
  const range = `from ${minMs / 1000}s to ${maxMs / 1000}s`;
  throw new QueryError(`${name}: expected seconds, or a duration such as 30s, ${range}; got ${JSON.stringify(value)}`);
}

/** Throws a `QueryError` that names the range. */
export function integerOf(name: string, value: string, minimum: number, maximum: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  throw new QueryError(`${name}: expected a whole number from ${minimum} to ${maximum}; got ${JSON.stringify(value)}`);
}

const UNITS_MS = { ms: 1, s: 1_000, m: 60_000 } as const;
