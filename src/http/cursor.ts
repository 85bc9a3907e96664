import { QueryError } from './query.ts';

/** Where a page ended: what it is sorted by, and whose that is. */
export interface Place {
  /** NaN: not known. */
  readonly value: number;
  readonly identity: readonly (string | number)[];
}

/** It says what it is sorted by, so that a page of one order is never continued in another. */
export function cursorOf(sort: string, { value, identity }: Place): string {
  const known = Number.isNaN(value) ? null : value;
  return Buffer.from(JSON.stringify([sort, known, ...identity])).toString('base64url');
}

/** `kinds` is of what the identity consists. Throws a `QueryError` on what no answer of ours has said. */
export function placeOf(cursor: string, sort: string, kinds: readonly ('string' | 'number')[]): Place {
  const [from, value, ...identity] = parse(cursor);
  const isIdentity = identity.length === kinds.length && identity.every((each, index) => typeof each === kinds[index]);

  if (typeof from !== 'string' || !(value === null || typeof value === 'number') || !isIdentity)
    throw new QueryError(`cursor: expected the "next" of an earlier answer; got ${JSON.stringify(cursor)}`);
  if (from !== sort)
    throw new QueryError(`cursor: it is of a list sorted by ${from}; expected sort=${from}, got sort=${sort}`);
  return { value: value ?? Number.NaN, identity: identity as (string | number)[] };
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return []; // the caller says what was expected
  }
}
