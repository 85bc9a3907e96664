/** What growth must look like to be called a leak. Times in ms, sizes in bytes, shares of one. */
export interface LeakOptions {
  /** As often as processes are looked at. The finest horizon is 19 to 32 of these; each octave above has twice the horizon. */
  readonly bucketMs: number;
  /** 14 octaves of 1 s buckets: from 18 s to 3 days. */
  readonly octaves: number;
  /** Silence after a start: what starts, grows. */
  readonly settleMs: number;
  /** After a longer time without a sample it begins anew. */
  readonly gapMsMax: number;
  /** Less growth is never a leak: this, or the share of the limit where that is less, or the share of what it began at. */
  readonly growthBytesMin: number;
  readonly growthLimitShareMin: number;
  readonly growthShareMin: number;
  /** Of the Mann-Kendall test: how surely it rises at all. */
  readonly zMin: number;
  readonly fallingStepsShareMax: number;
  /** Of the growth, in one step and in three: steps are not leaks. */
  readonly jumpShareMax: number;
  readonly topJumpsShareMax: number;
  /** The slopes of the later half and of the last quarter, of that of the earlier half: what slows down settles. */
  readonly lateShareMin: number;
  /** From here on it is said to speed up, and forecast so. */
  readonly speedUpMin: number;
  /** What falls by this share of its growth has given back. */
  readonly giveBackShare: number;
  /** Who grew for a while and gave it back is not believed, six times as long, to leak in less than twice that while. */
  readonly cycleMsMax: number;
  readonly cycleDoubted: number;
  readonly cycleRemembered: number;
  /** How often in a row a horizon must say so, and not say so. */
  readonly hits: number;
  /** The evidence must be long beside the forecast: the limit is reached within so many horizons. */
  readonly infoHorizons: number;
  readonly warningHorizons: number;
  readonly criticalMs: number;
}

const MIB = 1 << 20;

export const LEAK_DEFAULTS: LeakOptions = {
  bucketMs: 1_000,
  octaves: 14,
  settleMs: 20_000,
  gapMsMax: 600_000,
  growthBytesMin: 24 * MIB,
  growthLimitShareMin: 0.1,
  growthShareMin: 0.05,
  zMin: 4,
  fallingStepsShareMax: 0.3,
  jumpShareMax: 0.45,
  topJumpsShareMax: 0.8,
  lateShareMin: 0.65,
  speedUpMin: 1.25,
  giveBackShare: 0.3,
  cycleMsMax: 57_600_000,
  cycleDoubted: 2,
  cycleRemembered: 6,
  hits: 3,
  infoHorizons: 4,
  warningHorizons: 1.5,
  criticalMs: 900_000,
};

/** The least growth that is worth a word: less in a small container. */
export function growthMin({ growthBytesMin, growthLimitShareMin }: LeakOptions, limitBytes: number): number {
  return Math.min(growthBytesMin, growthLimitShareMin * limitBytes);
}
