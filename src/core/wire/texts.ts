import { COMM_BYTES } from './layout.ts';

const WAYS = 4;
const SETS = 2048;
const COMMS = 1024;
const COMM_WORDS = COMM_BYTES / 4;
/** Spreads the bits of names that differ in one character. */
const PRIME = 0x9e3779b1;

/**
 * Strings out of bytes that the kernel let anyone choose: always valid UTF-8, and the same object again for the same bytes.
 *
 * A cache of 8,192 ASCII strings, four to a set; a fifth takes the place of the oldest. Other strings are decoded each time.
 * In front of it the comms of 1,024 tasks, compared a word at a time, for every event has one.
 */
export class Texts {
  readonly #texts: string[] = new Array<string>(SETS * WAYS).fill('');
  readonly #oldest = new Uint8Array(SETS);
  readonly #comms: string[] = new Array<string>(COMMS).fill('');
  /** The bytes of each; all zero is the empty string. */
  readonly #commWords = new Uint32Array(COMMS * COMM_WORDS);
  readonly #commBytes = new Uint8Array(this.#commWords.buffer);
  readonly #utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

  /** Up to the first NUL, or `length` bytes. */
  read(bytes: Uint8Array, start: number, length: number): string {
    let hash = 0x811c9dc5;
    let high = 0;
    let end = start;
    for (const limit = start + length; end < limit; end++) {
      const byte = bytes[end]!;
      if (byte === 0) break;
      high |= byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (end === start) return '';
    if (high > 0x7f) return this.#utf8.decode(bytes.subarray(start, end));

    return this.#intern(bytes, start, end, (hash ^ (hash >>> 15)) & (SETS - 1));
  }

  /** The name of a task, which begins at `words[word]`. */
  comm(words: Uint32Array, word: number): string {
    const one = words[word]!;
    const two = words[word + 1]!;
    const three = words[word + 2]!;
    const four = words[word + 3]!;
    const hash = Math.imul(one ^ Math.imul(two ^ Math.imul(three ^ Math.imul(four, PRIME), PRIME), PRIME), PRIME);
    const entry = hash >>> 22;
    const known = entry * COMM_WORDS;
    const cached = this.#commWords;
    if (cached[known] === one && cached[known + 1] === two && cached[known + 2] === three && cached[known + 3] === four)
      return this.#comms[entry]!;

    cached[known] = one;
    cached[known + 1] = two;
    cached[known + 2] = three;
    cached[known + 3] = four;
    // From our copy: what is remembered under these words is what they say, whatever became of the record.
    this.#comms[entry] = this.read(this.#commBytes, known * 4, COMM_BYTES);
    return this.#comms[entry];
  }

  /** The same, for what hardly comes twice and is long. */
  readOnce(bytes: Uint8Array, start: number, length: number): string {
    const nul = bytes.subarray(start, start + length).indexOf(0);
    return this.#utf8.decode(bytes.subarray(start, start + (nul < 0 ? length : nul)));
  }

  #intern(bytes: Uint8Array, start: number, end: number, set: number): string {
    const first = set * WAYS;
    for (let way = first; way < first + WAYS; way++) {
      const text = this.#texts[way]!;
      if (text.length === end - start && isSame(text, bytes, start)) return text;
    }

    const text = this.#utf8.decode(bytes.subarray(start, end));
    const oldest = this.#oldest[set]!;
    this.#texts[first + oldest] = text;
    this.#oldest[set] = (oldest + 1) % WAYS;
    return text;
  }
}

function isSame(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
