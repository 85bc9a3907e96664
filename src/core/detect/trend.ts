import type { Instant } from '../model/units.ts';

interface Mark {
  readonly at: Instant;
  readonly value: number;
}

/**
 * How fast something grows that can run out, by the slower of two measures: what has filled up gains nothing any more.
 *
 *     earlier          later              now
 *        |---------------|-----------------|
 *         at least `markMs`  `lateMs` and more; just after a mark the rate is what it was
 */
export class Trend {
  readonly #markMs: number;
  readonly #lateMs: number;
  #earlier: Mark | undefined;
  #later: Mark;
  #perSecond = 0;

  constructor(at: Instant, value: number, markMs: number, lateMs: number) {
    this.#markMs = markMs;
    this.#lateMs = lateMs;
    this.#later = { at, value };
  }

  add(at: Instant, value: number): void {
    if (at - this.#later.at < this.#markMs) return;
    this.#earlier = this.#later;
    this.#later = { at, value };
  }

  /** Never below 0; 0 too while it is not known. */
  perSecond(value: number, now: Instant): number {
    const earlier = this.#earlier;
    if (earlier === undefined || now - this.#later.at < this.#lateMs) return this.#perSecond;
    const since = (mark: Mark): number => ((value - mark.value) * 1_000) / (now - mark.at);
    this.#perSecond = Math.max(0, Math.min(since(earlier), since(this.#later)));
    return this.#perSecond;
  }
}
