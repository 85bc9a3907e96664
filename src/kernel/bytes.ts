/*
 * Numbers straight from the bytes of a kernel file. These run for every process and cgroup, so they make no strings.
 */

const ZERO = 48;
const NINE = 57;
const SPACE = 32;
const NEWLINE = 10;

/** The unsigned decimal at `from`, blanks before it skipped; NaN when there is none before `end`. Exact up to 2^53. */
export function unsignedAt(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isBlank(bytes[at]!)) at++;

  let value = 0;
  const first = at;
  for (; at < end; at++) {
    const digit = bytes[at]!;
    if (digit < ZERO || digit > NINE) break;
    value = value * 10 + (digit - ZERO);
  }
  return at === first ? Number.NaN : value;
}

/** Where the first `text` at or after `from` ends, or -1. */
export function after(bytes: Uint8Array, from: number, end: number, text: Uint8Array): number {
  const last = end - text.length;
  for (let at = from; at <= last; at++) {
    let matched = 0;
    while (matched < text.length && bytes[at + matched] === text[matched]) matched++;
    if (matched === text.length) return at + matched;
  }
  return -1;
}

/** The number on the line that begins with `key`, or NaN: `oom_kill` is not `oom_kill_disable`. */
export function valueAfter(bytes: Uint8Array, end: number, key: Uint8Array): number {
  for (let at = after(bytes, 0, end, key); at >= 0; at = after(bytes, at, end, key)) {
    const begin = at - key.length;
    if ((begin === 0 || bytes[begin - 1] === NEWLINE) && isBlank(bytes[at] ?? 0)) return unsignedAt(bytes, at, end);
  }
  return Number.NaN;
}

/** Where the field after `count` more blanks begins. */
export function skipFields(bytes: Uint8Array, from: number, end: number, count: number): number {
  let at = from;
  for (let left = count; left > 0 && at < end; at++) if (bytes[at] === SPACE) left--;
  return at;
}

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const isBlank = (byte: number): boolean => byte === SPACE || byte === 9;
