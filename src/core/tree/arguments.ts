/** The most that is kept of one argv. */
const ARGV_BYTES = 256;
const SLOTS_PER_CHUNK = 256;
const NOTHING = new Uint8Array(0);

/** The beginning of each process's argv, in chunks that are made when first needed and never copied. */
export class Arguments {
  readonly #chunks: Uint8Array[] = [];
  #lengths = new Uint16Array(SLOTS_PER_CHUNK);

  /** NUL between arguments, as the kernel had it. The view is good until the slot is written again. */
  of(slot: number): Uint8Array {
    const length = this.#lengths[slot] ?? 0;
    if (length === 0) return NOTHING;
    const start = (slot % SLOTS_PER_CHUNK) * ARGV_BYTES;
    return this.#chunkOf(slot).subarray(start, start + length);
  }

  /** What is longer than 256 bytes is cut. */
  set(slot: number, argv: Uint8Array): void {
    this.#write(slot, argv, 0, Math.min(argv.length, ARGV_BYTES));
  }

  copy(from: number, to: number): void {
    const length = this.#lengths[from] ?? 0;
    if (length === 0) this.clear(to);
    else this.#write(to, this.#chunkOf(from), (from % SLOTS_PER_CHUNK) * ARGV_BYTES, length);
  }

  clear(slot: number): void {
    if (slot < this.#lengths.length) this.#lengths[slot] = 0;
  }

  #write(slot: number, from: Uint8Array, fromStart: number, length: number): void {
    const chunk = this.#chunkOf(slot);
    const start = (slot % SLOTS_PER_CHUNK) * ARGV_BYTES;
    // Most are short, where a loop is faster than a view and a copy.
    for (let index = 0; index < length; index++) chunk[start + index] = from[fromStart + index]!;
    if (slot >= this.#lengths.length) this.#widen(slot);
    this.#lengths[slot] = length;
  }

  #chunkOf(slot: number): Uint8Array {
    const index = Math.floor(slot / SLOTS_PER_CHUNK);
    this.#chunks[index] ??= new Uint8Array(SLOTS_PER_CHUNK * ARGV_BYTES);
    return this.#chunks[index]!;
  }

  #widen(slot: number): void {
    const lengths = new Uint16Array(Math.max(this.#lengths.length * 2, slot + 1));
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
}
