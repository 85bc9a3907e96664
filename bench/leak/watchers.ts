/** One of the ways to find a leak, of one series. */
export interface Watcher {
  /** Whether it warns. */
  observe(at: number, bytes: number, limitBytes: number): boolean;
  /** Until the limit, when it warns; NaN from who does not forecast. */
  forecastSeconds(): number;
}

/** The alert that most hosts have. */
export function nearLimit(): Watcher {
  return { observe: (_, bytes, limitBytes) => bytes > 0.8 * limitBytes, forecastSeconds: () => Number.NaN };
}

const POINTS = 120;
const MIB = 1 << 20;

/** A window of the means of its 120 parts, looked at when one of ten more is full. It does not look at growth below 24 MiB or 5 %. */
abstract class Sliding implements Watcher {
  protected readonly points = new Float64Array(POINTS);
  protected warns = false;
  protected limitBytes = 0;
  readonly #pointMs: number;
  #count = 0;
  #endsAt = Number.NEGATIVE_INFINITY;
  #sum = 0;
  #samples = 0;

  constructor(windowMs: number) {
    this.#pointMs = windowMs / POINTS;
  }

  protected abstract judge(): boolean;
  abstract forecastSeconds(): number;

  protected get pointSeconds(): number {
    return this.#pointMs / 1_000;
  }

  observe(at: number, bytes: number, limitBytes: number): boolean {
    this.limitBytes = limitBytes;
    if (at >= this.#endsAt) {
      if (this.#samples > 0) this.#push(this.#sum / this.#samples);
      this.#endsAt = at + this.#pointMs;
      this.#sum = 0;
      this.#samples = 0;
    }
    this.#sum += bytes;
    this.#samples++;
    return this.warns;
  }

  #push(mean: number): void {
    this.points.copyWithin(0, 1);
    this.points[POINTS - 1] = mean;
    if (++this.#count < POINTS || this.#count % 10 !== 0) return;
    const growth = mean - this.points[0]!;
    this.warns = growth >= Math.max(24 * MIB, 0.05 * this.points[0]!) && this.judge();
  }
}

/** Rises surely: p < 0.0001. */
export class MannKendall extends Sliding {
  protected judge(): boolean {
    let score = 0;
    for (let later = 1; later < POINTS; later++) {
      for (let earlier = 0; earlier < later; earlier++) score += Math.sign(this.points[later]! - this.points[earlier]!);
    }
    return (score - 1) / Math.sqrt((POINTS * (POINTS - 1) * (2 * POINTS + 5)) / 18) > 3.7;
  }

  forecastSeconds(): number {
    return Number.NaN;
  }
}

/** Rises along a line: R² > 0.8. */
export class Regression extends Sliding {
  #slope = 0;

  protected judge(): boolean {
    const middle = (POINTS - 1) / 2;
    const mean = this.points.reduce((sum, point) => sum + point, 0) / POINTS;
    let [covariance, ofTime, ofBytes] = [0, 0, 0];
    for (let index = 0; index < POINTS; index++) {
      const [time, bytes] = [index - middle, this.points[index]! - mean];
      covariance += time * bytes;
      ofTime += time * time;
      ofBytes += bytes * bytes;
    }
    this.#slope = covariance / ofTime;
    return this.#slope > 0 && covariance ** 2 / (ofTime * ofBytes) > 0.8;
  }

  forecastSeconds(): number {
    return ((this.limitBytes - this.points[POINTS - 1]!) / this.#slope) * this.pointSeconds;
  }
}
