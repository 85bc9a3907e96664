/** Texts are kept and copied in blocks of so many bytes, which is two words. */
export const BLOCK = 16;
const WORD = 8;

/** UTF-8 in whole blocks. */
export interface Text {
  readonly words: Float64Array;
  /** Bytes, those that fill the last block not among them. */
  readonly length: number;
}

export function textOf(text: string): Text {
  const bytes = Buffer.from(text);
  const words = new Float64Array(wordsFor(bytes.length));
  new Uint8Array(words.buffer).set(bytes);
  return { words, length: bytes.length };
}

/** How many words the blocks of so many bytes have. */
export function wordsFor(length: number): number {
  return Math.ceil(length / BLOCK) * (BLOCK / WORD);
}

/**
 * Copies `length` bytes, from the block that starts at `word` on, and returns where they end. The rest of the last block goes with
 * them, so there must be room for it.
 *
 * Texts are so short that a call of `TypedArray.set` costs more than its work. Doubles carry the bytes unaltered unless they are
 * a NaN. That would take a byte 0xff, which UTF-8 does not have, or a DEL before a byte from 0xf0 on, and no label has a DEL.
 */
export function copyText(to: DataView, at: number, words: Float64Array, word: number, length: number): number {
  const end = (at + length) | 0;
  // `| 0` spares a check of each sum for overflow.
  for (let place = at | 0; place < end; place = (place + 2 * WORD) | 0) {
    to.setFloat64(place, words[word]!, true);
    to.setFloat64((place + WORD) | 0, words[(word + 1) | 0]!, true);
    word = (word + 2) | 0;
  }
  return end;
}
