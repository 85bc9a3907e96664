const WAYS = 4;
const SETS = 2048;

/**
 * Strings out of bytes that the kernel let anyone choose: always valid UTF-8, and the same object again for the same bytes.
 *
 * A cache of 8,192 ASCII strings, four to a set; a fifth takes the place of the oldest. Other strings are decoded each time.
 */
export class Texts {
  readonly #texts: string[] = new Array<string>(SETS * WAYS).fill('');
  readonly #oldest = new Uint8Array(SETS);
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
