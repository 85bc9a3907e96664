import type { ProcessId } from '../core/model/process.ts';
import { PROCESS_SORTS, type ProcessSort } from '../core/model/process-sort.ts';
import { QueryError } from './query.ts';

/** Where a page of processes ended. */
export interface Position extends ProcessId {
  /** NaN: not known. */
  readonly value: number;
}

/** It says what it is sorted by, so that a page of one order is never continued in another. */
export function cursorOf(sort: ProcessSort, { value, pid, startedNs }: Position): string {
  const known = Number.isNaN(value) ? null : value;
  return Buffer.from(JSON.stringify([PROCESS_SORTS.indexOf(sort), known, pid, startedNs])).toString('base64url');
}

/** Throws a `QueryError` on what no answer of ours has said. */
export function positionOf(cursor: string, sort: ProcessSort): Position {
  const [index, value, pid, startedNs] = parse(cursor);
  const isOurs = (value === null || isNumber(value)) && isNumber(pid) && isNumber(startedNs);
  const from = typeof index === 'number' ? PROCESS_SORTS[index] : undefined;

  if (!isOurs || from === undefined)
    throw new QueryError(`cursor: expected the "next" of an earlier answer; got ${JSON.stringify(cursor)}`);
  if (from !== sort)
    throw new QueryError(`cursor: it is of a list sorted by ${from}; expected sort=${from}, got sort=${sort}`);
  return { value: value ?? Number.NaN, pid, startedNs };
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return []; // the caller says what was expected
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
