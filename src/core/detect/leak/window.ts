import { BUCKETS } from './floors.ts';
import type { LeakOptions } from './options.ts';
import { medianSlope, quantile } from './slope.ts';

const STEPS_MIN = 12;

/** What a window says of the growth in it, in bytes and buckets. Filled again by the next: read it at once. */
export const growth = { bytes: 0, steps: 0, slope: 0, slopeLow: 0, slopeHigh: 0, speedUp: 0 };

/** Whether the first `count` floors rise as a leak does: surely, steadily, and no slower at the end. */
export function growsAsLeak(floors: Float64Array, count: number, options: LeakOptions): boolean {
  growth.bytes = floors[count - 1]! - floors[0]!;
  const start = startOf(floors, count);
  growth.steps = count - 1 - start;
  return (
    growth.steps >= STEPS_MIN &&
    growth.bytes >= options.growthShareMin * floors[0]! &&
    risesInSmallSteps(floors, count, options) &&
    mannKendall(floors, count) >= options.zMin &&
    risesToTheEnd(floors, start, count, options)
  );
}

/** A window that begins before the leak does is no evidence of how long it has grown. */
function startOf(floors: Float64Array, count: number): number {
  let start = count - 1;
  while (start > 0 && floors[start]! > floors[0]! + 0.05 * growth.bytes) start--;
  return start;
}

/** A jump is a load that came, a table that was built; a fall is memory given back. */
function risesInSmallSteps(floors: Float64Array, count: number, options: LeakOptions): boolean {
  let falling = 0;
  let peak = floors[0]!;
  let first = 0;
  let second = 0;
  let third = 0;
  for (let index = 1; index < count; index++) {
    const step = floors[index]! - floors[index - 1]!;
    if (step < 0) falling++;
    third = Math.max(third, Math.min(step, second));
    second = Math.max(second, Math.min(step, first));
    first = Math.max(first, step);
    if (floors[index]! > peak) peak = floors[index]!;
  }
  return (
    falling <= options.fallingStepsShareMax * (count - 1) &&
    first <= options.jumpShareMax * growth.bytes &&
    first + second + third <= options.topJumpsShareMax * growth.bytes &&
    peak - floors[count - 1]! <= options.giveBackShare * growth.bytes
  );
}

/** Caches, heaps and pools that fill slow down before they are full; a leak does not. */
function risesToTheEnd(floors: Float64Array, start: number, count: number, options: LeakOptions): boolean {
  const middle = (start + count) >> 1;
  const quarter = growth.steps >> 2;
  const end = (floors[count - 1]! - floors[count - 1 - quarter]!) / quarter;
  const early = medianSlope(floors, start, middle + 1);
  const late = medianSlope(floors, middle, count);
  if (!(late > 0) || Math.min(late, end) < options.lateShareMin * early) return false;

  const speedsUp = late > options.speedUpMin * early;
  growth.speedUp = speedsUp ? (late - early) / (growth.steps / 2) : 0;
  growth.slope = speedsUp ? late + (late - early) / 2 : late;
  growth.slopeLow = Math.min(quantile(0.1), growth.slope);
  growth.slopeHigh = Math.max(quantile(0.9), growth.slope);
  return true;
}

/** When so many bytes more will have come, at a slope that itself grows. */
export function timeTo(bytes: number, slope: number, speedUp: number): number {
  if (bytes <= 0) return 0;
  return slope > 0 ? (2 * bytes) / (slope + Math.sqrt(slope * slope + 2 * speedUp * bytes)) : Number.POSITIVE_INFINITY;
}

/** Its z, without the correction for ties: that would make it surer, and a floor that stands still is no reason to be. */
function mannKendall(floors: Float64Array, count: number): number {
  let score = 0;
  for (let later = 1; later < count; later++) {
    for (let earlier = 0; earlier < later; earlier++) score += Math.sign(floors[later]! - floors[earlier]!);
  }
  return (score - Math.sign(score)) / Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
}

/** Horizons between an octave and the next: a tenth longer each, so that one fits nearly all of a leak's life. */
export const WINDOWS: readonly number[] = [BUCKETS, 29, 27, 25, 23, 21, 19];
