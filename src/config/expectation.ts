import { FORMATS, regularExpressionFault } from './formats.ts';
import type { KeySchema } from './keys.ts';

const SHOWN_LENGTH_MAX = 60;

/** `expected …; got …` for a value that its schema refused. A secret is named by its kind only. */
export function describeProblem(schema: KeySchema, found: unknown, keyword: string): string {
  const expected = describeExpected(schema, keyword);
  const got = schema.writeOnly || keyword === 'maxLength' ? describeKind(found) : describe(found);
  const reason = schema.format === 'regex' && typeof found === 'string' ? regularExpressionFault(found) : undefined;

  return `expected ${expected}; got ${got}${reason === undefined ? '' : ` (${reason})`}`;
}

/** `a whole number from 1 to 100`, `one of a, b`, `an absolute path`. */
export function describeExpected(schema: KeySchema, keyword = ''): string {
  const { type, minimum, maximum, format } = schema;

  if (schema.enum !== undefined) return `one of ${enumerate(schema.enum)}`;
  if (keyword === 'pattern') return 'a name that begins with neither "~" nor a space';
  if (keyword === 'minLength') return 'a text that is not empty';
  if (keyword === 'maxLength') return `at most ${schema.maxLength} characters`;
  if (keyword === 'maxItems') return `at most ${schema.maxItems} entries`;
  if (format !== undefined) return FORMATS[format]?.expected ?? format;
  if (type === 'number' || type === 'integer') return describeNumber(type, minimum, maximum);
  if (type === 'boolean') return 'true or false';
  if (type === 'array') return 'a list';
  if (type === 'object')
    return schema.properties === undefined ? 'names with values (name=value,… outside the file)' : 'a mapping of keys';
  return 'a text';
}

/** A long list is one that the reader can continue: the sizes of the ring. */
function enumerate(values: readonly unknown[]): string {
  return values.length <= 8 ? values.join(', ') : `${values.slice(0, 3).join(', ')}, … ${values.at(-1)}`;
}

function describeNumber(type: 'number' | 'integer', minimum: number | undefined, maximum: number | undefined): string {
  const noun = type === 'integer' ? 'a whole number' : 'a number';
  return minimum === undefined || maximum === undefined ? noun : `${noun} from ${minimum} to ${maximum}`;
}

function describe(found: unknown): string {
  if (typeof found !== 'string')
    return typeof found === 'number' || typeof found === 'boolean' ? String(found) : describeKind(found);
  return JSON.stringify(found.length > SHOWN_LENGTH_MAX ? `${found.slice(0, SHOWN_LENGTH_MAX)}…` : found);
}

function describeKind(found: unknown): string {
  if (found === null || found === undefined) return 'nothing';
  if (Array.isArray(found)) return `a list of ${found.length}`;
  if (typeof found === 'string') return `a text of ${found.length}`;
  return typeof found === 'object' ? 'a mapping' : `a ${typeof found}`;
}
