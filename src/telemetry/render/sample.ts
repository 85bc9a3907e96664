import type { Rows } from '../rows.ts';
import { NUMBER_LENGTH_MAX, writeNumber } from './number.ts';
import type { Tails } from './tails.ts';
import { copyText, type Text } from './text.ts';

const NEWLINE = 0x0a;
const HELD_LENGTH = 48;
const HELD_WORDS = 6;

/** Room to leave for each sample beside its head and its tail: what is written behind a text is overwritten later. */
export const SAMPLE_ROOM: number = NUMBER_LENGTH_MAX + HELD_LENGTH;

/** Writes the line of one sample that is not NaN and returns where it ends. */
export function writeSample(out: DataView, at: number, head: Text, tails: Tails, slot: number, value: number): number {
  const labels = copyText(out, at, head.words, 0, head.length);
  const end = writeNumber(out, copyText(out, labels, tails.words, tails.starts[slot]!, tails.lengths[slot]!), value);
  out.setUint8(end, NEWLINE);
  return end + 1;
}

/**
 * The same for each row whose cell in `column` is known.
 *
 * Nearly all of a page is written here, so a row costs no object, and the first words of the head, which is the same for all rows,
 * are held in registers: a tenth of the time that a page takes.
 */
export function writeColumn(
  out: DataView,
  start: number,
  { words: name, length: nameLength }: Text,
  { words, starts, lengths }: Tails,
  { live, size }: Rows,
  column: Float64Array,
): number {
  const [a, b, c] = [name[0] ?? 0, name[1] ?? 0, name[2] ?? 0];
  const [d, e, f] = [name[3] ?? 0, name[4] ?? 0, name[5] ?? 0];
  let at = start | 0;
  for (let index = 0; index < size; index++) {
    const slot = live[index]!;
    const value = column[slot]!;
    if (Number.isNaN(value)) continue;

    out.setFloat64(at, a, true);
    out.setFloat64((at + 8) | 0, b, true);
    out.setFloat64((at + 16) | 0, c, true);
    out.setFloat64((at + 24) | 0, d, true);
    out.setFloat64((at + 32) | 0, e, true);
    out.setFloat64((at + 40) | 0, f, true);
    if (nameLength > HELD_LENGTH) {
      copyText(out, (at + HELD_LENGTH) | 0, name, HELD_WORDS, (nameLength - HELD_LENGTH) | 0);
    }
    const labels = (at + nameLength) | 0;
    at = writeNumber(out, copyText(out, labels, words, starts[slot]!, lengths[slot]!), value);
    out.setUint8(at, NEWLINE);
    at = (at + 1) | 0;
  }
  return at;
}
