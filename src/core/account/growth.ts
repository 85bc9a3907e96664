import type { Instant } from '../model/units.ts';

const POINTS = 8;
const POINT_MS = 7_500;
/** With fewer the span is too short to tell growth from noise. */
const POINTS_MIN = 4;
const VALUES = POINTS;
const COUNT = 2 * POINTS;
const RATE = COUNT + 1;
const STRIDE = RATE + 1;

/**
 * How fast the memory of each process grows, over the last minute.
 *
 * ```
 *   bytes   each point is the least of 7.5 s, so garbage that comes and goes is not growth
 *     |                        . .
 *     |            . .   . .         rate = (mean of the later half − mean of the earlier half)
 *     |     . .                             ÷ (the same of their times)
 *     +---------------------------> time, 8 points
 * ```
 */
export class Growth {
  #cells = new Float64Array(64 * STRIDE);

  /** Bytes per second; NaN before half a minute of samples. */
  rate(slot: number): number {
    return this.#cells[slot * STRIDE + COUNT]! >= POINTS_MIN ? this.#cells[slot * STRIDE + RATE]! : Number.NaN;
  }

  /** `bytes` is anonymous, swapped and shared memory: what is not a cache of files. */
  sample(slot: number, at: Instant, bytes: number): void {
    if (Number.isNaN(bytes)) return;
    const base = slot * STRIDE;
    const cells = this.#cells;
    const count = cells[base + COUNT]!;
    if (count > 0 && at - cells[base + count - 1]! < POINT_MS) {
      cells[base + VALUES + count - 1] = Math.min(cells[base + VALUES + count - 1]!, bytes);
      return;
    }

    if (count >= POINTS_MIN) cells[base + RATE] = slope(cells, base, count);
    if (count === POINTS) {
      cells.copyWithin(base, base + 1, base + POINTS);
      cells.copyWithin(base + VALUES, base + VALUES + 1, base + VALUES + POINTS);
    }
    const index = Math.min(count, POINTS - 1);
    cells[base + index] = at;
    cells[base + VALUES + index] = bytes;
    cells[base + COUNT] = index + 1;
  }

  /** Another process, or another program in the same. */
  restart(slot: number): void {
    if ((slot + 1) * STRIDE > this.#cells.length) {
      const cells = new Float64Array(Math.max(this.#cells.length * 2, (slot + 1) * STRIDE));
      cells.set(this.#cells);
      this.#cells = cells;
    }
    this.#cells[slot * STRIDE + COUNT] = 0;
    this.#cells[slot * STRIDE + RATE] = Number.NaN;
  }
}

/** Only of points that are complete: the last one's minimum may still fall. */
function slope(cells: Float64Array, base: number, count: number): number {
  const half = count >> 1;
  let rise = 0;
  let run = 0;
  for (let index = 0; index < half; index++) {
    const later = base + count - half + index;
    run += cells[later]! - cells[base + index]!;
    rise += cells[later + VALUES]! - cells[base + index + VALUES]!;
  }
  return (rise / run) * 1_000;
}
