/** In each octave. */
export const BUCKETS = 32;
const OCTAVES_AT_FIRST = 4;

/**
 * The least bytes of each span of time, in octaves: a bucket of an octave is the lesser of two of the octave below.
 *
 * ```
 *   octave 2  |       .       |       .   …       The number of buckets closed so far is all that the rings need
 *   octave 1  |   .   |   .   |   .   |   …       to know: bucket j of an octave is at j modulo 32, and it closes
 *   octave 0  | . | . | . | . | . | . | . …       when all below it do.
 * ```
 *
 * Garbage that comes and goes is above the floor, as soon as a bucket is longer than the time between collections.
 */
export class Floors {
  readonly #octavesMax: number;
  #rings = new Float32Array(OCTAVES_AT_FIRST * BUCKETS);
  #closed = 0;
  /** By octave: the most bytes of the bucket that closed last, and of the one that is open. */
  readonly #crests: Float32Array;
  readonly #rising: Float32Array;

  constructor(octaves: number) {
    this.#octavesMax = octaves;
    this.#crests = new Float32Array(octaves);
    this.#rising = new Float32Array(octaves);
  }

  get size(): number {
    return this.#rings.byteLength + this.#crests.byteLength + this.#rising.byteLength;
  }

  /** Buckets of octave 0, ever. */
  get closed(): number {
    return this.#closed;
  }

  clear(): void {
    this.#closed = 0;
    this.#rising.fill(0);
  }

  /** Ends a bucket of octave 0, and returns how many octaves have one more: 1 at least. */
  close(floor: number, crest: number): number {
    const index = this.#closed++;
    this.#rings[index % BUCKETS] = floor;
    this.#crests[0] = crest;
    let octave = 1;
    for (let closed = this.#closed; octave < this.#octavesMax; octave++, closed /= 2) {
      const highest = Math.max(this.#rising[octave]!, this.#crests[octave - 1]!);
      this.#rising[octave] = highest;
      if (closed % 2 !== 0) break;
      this.#crests[octave] = highest;
      this.#rising[octave] = 0;
      this.#makeRoom(octave);
      const below = (octave - 1) * BUCKETS;
      const earlier = this.#rings[below + ((closed - 2) % BUCKETS)]!;
      const later = this.#rings[below + ((closed - 1) % BUCKETS)]!;
      this.#rings[octave * BUCKETS + ((closed / 2 - 1) % BUCKETS)] = Math.min(earlier, later);
    }
    return octave;
  }

  /** The last of an octave, or, by `back`, one before; NaN where there is none. */
  last(octave: number, back = 0): number {
    const closed = this.#closed >>> octave;
    if (back >= closed || back >= BUCKETS) return Number.NaN;
    return this.#rings[octave * BUCKETS + ((closed - 1 - back) % BUCKETS)]!;
  }

  /** The way up over so many buckets of octave 0, or over all that there are; NaN before two. */
  gainedIn(buckets: number): number {
    const all = Math.min(buckets, this.#closed - 1);
    if (!(all >= 1)) return Number.NaN;
    let octave = 0;
    while (all >>> octave >= BUCKETS) octave++;
    return this.last(0) - this.last(octave, Math.min(all >>> octave, (this.#closed >>> octave) - 1));
  }

  /** The most bytes of the last bucket of an octave: what it has, garbage included. */
  crest(octave: number): number {
    return this.#crests[octave]!;
  }

  /** The last `count` of an octave, oldest first. */
  copy(octave: number, count: number, into: Float64Array): void {
    for (let back = 0; back < count; back++) into[count - 1 - back] = this.last(octave, back);
  }

  #makeRoom(octave: number): void {
    if (octave * BUCKETS < this.#rings.length) return;
    const rings = new Float32Array(Math.min(octave * 2, this.#octavesMax) * BUCKETS);
    rings.set(this.#rings);
    this.#rings = rings;
  }
}
