import type { Instant } from '../model/units.ts';

const BUCKET_MS = 2_000;
const BUCKETS = 30;

/** The shortest and the longest time that can be asked about. */
export const WINDOW_MS_MIN = BUCKET_MS;
export const WINDOW_MS_MAX = BUCKET_MS * BUCKETS;

/** How much time a sum over `windowMs` is about: whole steps, of which the last is not full yet. */
export function coveredMs(at: Instant, windowMs: number): number {
  return (stepsOf(windowMs) - 1) * BUCKET_MS + (at % BUCKET_MS);
}

/** Sums of the last minute, in steps of two seconds. */
export class Window {
  readonly #sums = new Float64Array(BUCKETS);
  /** Counted since the clock began; the sum of bucket b lies at b modulo BUCKETS. */
  #bucket = 0;

  add(at: Instant, amount: number): void {
    this.#forget(at);
    this.#sums[this.#bucket % BUCKETS]! += amount;
  }

  /** All that `other` counted, it counted too. */
  join(other: Window, at: Instant): void {
    this.#forget(at);
    other.#forget(at);
    other.#sums.forEach((sum, bucket) => {
      this.#sums[bucket]! += sum;
    });
  }

  sum(at: Instant, windowMs: number): number {
    this.#forget(at);
    const steps = stepsOf(windowMs);
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

/** The step that is being filled is one of them. */
function stepsOf(windowMs: number): number {
  return Math.min(BUCKETS, Math.max(1, Math.ceil(windowMs / BUCKET_MS)));
}
