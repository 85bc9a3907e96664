/** The most that is kept of one argv. */
const ARGV_BYTES = 256;
const BLOCKS_PER_CHUNK = 256;
const NOTHING = new Uint8Array(0);
const NONE = -1;

/**
 * The beginning of each process's argv, in blocks of 256 bytes.
 *
 * A fork shares the block of its parent, for most children exec before anyone asks; an exec writes one that nobody shares.
 * Blocks lie in chunks, made when first needed and never moved.
 */
export class Arguments {
  readonly #chunks: Uint8Array[] = [];
  readonly #free: number[] = [];
  /** By block. */
  #lengths = new Uint16Array(BLOCKS_PER_CHUNK);
  #sharers = new Uint32Array(BLOCKS_PER_CHUNK);
  /** By slot. */
  #blocks = new Int32Array(BLOCKS_PER_CHUNK).fill(NONE);
  #made = 0;

  /** NUL between arguments, as the kernel had it. The view is good until the tree changes. */
  of(slot: number): Uint8Array {
    const block = this.#blockOf(slot);
    if (block === NONE) return NOTHING;
    const start = (block % BLOCKS_PER_CHUNK) * ARGV_BYTES;
    return this.#chunkOf(block).subarray(start, start + this.#lengths[block]!);
  }

  /** What is longer than 256 bytes is cut. */
  set(slot: number, argv: Uint8Array): void {
    const length = Math.min(argv.length, ARGV_BYTES);
    const block = this.#ownBlock(slot);
    const chunk = this.#chunkOf(block);
    const start = (block % BLOCKS_PER_CHUNK) * ARGV_BYTES;
    // Most are short, where a loop is faster than a view and a copy.
    for (let index = 0; index < length; index++) chunk[start + index] = argv[index]!;
    this.#lengths[block] = length;
  }

  /** `to` has none of its own. */
  share(from: number, to: number): void {
    const block = this.#blockOf(from);
    if (block === NONE) return;
    this.#sharers[block]! += 1;
    this.#assign(to, block);
  }

  clear(slot: number): void {
    const block = this.#blockOf(slot);
    if (block === NONE) return;
    this.#blocks[slot] = NONE;
    this.#sharers[block]! -= 1;
    if (this.#sharers[block] === 0) this.#free.push(block);
  }

  #ownBlock(slot: number): number {
    const known = this.#blockOf(slot);
    if (known !== NONE && this.#sharers[known] === 1) return known;

    this.clear(slot);
    const block = this.#free.pop() ?? this.#made++;
    if (block >= this.#sharers.length) {
      this.#lengths = widen(this.#lengths, new Uint16Array(block * 2));
      this.#sharers = widen(this.#sharers, new Uint32Array(block * 2));
    }
    this.#sharers[block] = 1;
    this.#assign(slot, block);
    return block;
  }

  #assign(slot: number, block: number): void {
    if (slot >= this.#blocks.length) this.#blocks = widen(this.#blocks, new Int32Array(slot * 2).fill(NONE));
    this.#blocks[slot] = block;
  }

  #blockOf(slot: number): number {
    return slot < this.#blocks.length ? this.#blocks[slot]! : NONE;
  }

  #chunkOf(block: number): Uint8Array {
    const index = Math.floor(block / BLOCKS_PER_CHUNK);
    this.#chunks[index] ??= new Uint8Array(BLOCKS_PER_CHUNK * ARGV_BYTES);
    return this.#chunks[index]!;
  }
}

function widen<Cells extends Uint16Array | Uint32Array | Int32Array>(from: Cells, to: Cells): Cells {
  to.set(from);
  return to;
}
