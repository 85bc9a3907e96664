import type { Instant } from '../model/units.ts';

const BUCKET_MS = 2_000;
const BUCKETS = 30;

/** The longest time that can be asked about. */
export const WINDOW_MS_MAX = BUCKET_MS * BUCKETS;

/** Sums of the last minute, in steps of two seconds. */
export class Window {
  readonly #sums = new Float64Array(BUCKETS);
  /** Counted since the clock began; the sum of bucket b lies at b modulo BUCKETS. */
  #bucket = 0;

  add(at: Instant, amount: number): void {
    this.#forget(at);
    this.#sums[this.#bucket % BUCKETS]! += amount;
  }

  /** Of what was added in the last `windowMs`, in whole steps; one second is a part of the first. */
  sum(at: Instant, windowMs: number): number {
    this.#forget(at);
    const steps = Math.min(BUCKETS, Math.ceil(windowMs / BUCKET_MS));
    let sum = 0;
    for (let back = 0; back < steps; back++) sum += this.#sums[(this.#bucket - back + BUCKETS) % BUCKETS]!;
    return sum;
  }

  #forget(at: Instant): void {
    const now = Math.floor(at / BUCKET_MS);
    if (now <= this.#bucket) return;
    if (now - this.#bucket >= BUCKETS) this.#sums.fill(0);
    else for (let bucket = this.#bucket + 1; bucket <= now; bucket++) this.#sums[bucket % BUCKETS] = 0;
    this.#bucket = now;
  }
}
