import type { Instant } from '../../model/units.ts';
import { growthMin, type LeakOptions } from './options.ts';

/**
 * How long it grew before it last gave back: batches, garbage of a big heap, the load of each hour.
 *
 * ```
 *   bytes |      .|      .|      .     growth that takes no longer than two of those times is how it lives;
 *         |   .   |   .   |   .        growth that takes longer rises from cycle to cycle
 *         |.      |.      |.
 *         +---------------------->
 *          grew, then gave back
 * ```
 */
export class Cycle {
  readonly #options: LeakOptions;
  #troughBytes = 0;
  #troughAt: Instant = 0;
  #peakBytes = 0;
  #grewMs = 0;
  #gaveBackAt: Instant = Number.NEGATIVE_INFINITY;

  constructor(options: LeakOptions) {
    this.#options = options;
  }

  begin(floor: number, at: Instant): void {
    this.#gaveBackAt = Number.NEGATIVE_INFINITY;
    this.#startAt(floor, at);
  }

  /** Each floor of octave 0. */
  note(floor: number, at: Instant, limitBytes: number): void {
    const little = growthMin(this.#options, limitBytes);
    const fall = this.#peakBytes - floor;
    if (fall > little && fall > this.#options.giveBackShare * (limitBytes - floor)) {
      this.#grewMs = at - this.#troughAt;
      this.#gaveBackAt = at;
      this.#startAt(floor, at);
    } else if (floor < this.#troughBytes + little) {
      this.#troughAt = at;
      this.#troughBytes = Math.min(this.#troughBytes, floor);
    }
    this.#peakBytes = Math.max(this.#peakBytes, floor);
  }

  /** Growth on shorter horizons means nothing now. */
  doubtedMs(now: Instant): number {
    const { cycleMsMax, cycleDoubted, cycleRemembered } = this.#options;
    const isLately = now - this.#gaveBackAt < cycleRemembered * this.#grewMs;
    return isLately && this.#grewMs <= cycleMsMax ? cycleDoubted * this.#grewMs : 0;
  }

  #startAt(floor: number, at: Instant): void {
    this.#troughBytes = floor;
    this.#troughAt = at;
    this.#peakBytes = floor;
  }
}
