/** The memory of something over time, and what is true of it. */
export interface Trace {
  readonly kind: string;
  readonly isLeak: boolean;
  readonly limitBytes: number;
  readonly stepMs: number;
  /** Until the limit is reached, if ever. */
  readonly bytes: Float64Array;
  /** Where the leak begins. */
  readonly onset: number;
}

/** What a kind looks like: the share of its limit that is used, asked second by second in order. */
export interface Shape {
  readonly onsetSeconds?: number;
  at(seconds: number): number;
}

export interface Chance {
  /** Any number of a range alike. */
  between(low: number, high: number): number;
  /** Any magnitude of a range alike. */
  magnitude(low: number, high: number): number;
  /** Around 0, with a deviation of 1. */
  normal(): number;
}

export function chance(random: () => number): Chance {
  const between = (low: number, high: number) => low + (high - low) * random();
  return {
    between,
    magnitude: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    normal: () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  };
}

/**
 * From 0 to 1 and back at once, about every `period`. No collector keeps time: one that did, every ten seconds, would
 * seem to be one of an hour to who samples every ten.
 */
export function teeth({ between }: Chance, period: number): (now: number) => number {
  let [from, to] = [0, period * between(0.2, 1)];
  return (now) => {
    while (now >= to) [from, to] = [to, to + period * between(0.7, 1.3)];
    return Math.max(0, now - from) / (to - from);
  };
}

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 24 * HOUR;
