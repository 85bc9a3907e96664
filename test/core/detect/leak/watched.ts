import { LEAK_DEFAULTS, type LeakOptions } from '../../../../src/core/detect/leak/options.ts';
import { type LeakEvidence, type LeakLevel, LeakSeries } from '../../../../src/core/detect/leak/series.ts';

export const MIB = 1 << 20;
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A process of 100 MiB with a limit of 1,100 MiB, sampled each 5 s, that started an hour ago. */
export function watched(options: Partial<LeakOptions> = {}) {
  const series = new LeakSeries(-HOUR, { ...LEAK_DEFAULTS, ...options });
  let now = 0;
  return {
    series,
    /** Memory in MiB by the minutes that passed; tells each level it was at, in order, without repeats. */
    uses(mibAt: (minutes: number) => number, { forMs, limitMib = 1_100 }: { forMs: number; limitMib?: number }) {
      const levels: LeakLevel[] = [];
      const from = now;
      for (; now < from + forMs; now += 5 * SECOND) {
        const level = series.observe(now, mibAt((now - from) / MINUTE) * MIB, limitMib * MIB);
        if (levels.at(-1) !== level) levels.push(level);
      }
      return levels;
    },
    /** Goes on until it warns; the MiB that it used then, NaN if it never did. */
    mibAtWarning(mibAt: (minutes: number) => number, forMs: number, stepMs = 5 * SECOND): number {
      for (const from = now; now < from + forMs; now += stepMs) {
        const mib = mibAt((now - from) / MINUTE);
        const level = series.observe(now, mib * MIB, 1_100 * MIB);
        if (level === 'warning' || level === 'critical') return mib;
      }
      return Number.NaN;
    },
    passes(ms: number) {
      now += ms;
    },
    restarts() {
      series.restart(now);
    },
    get evidence(): LeakEvidence | undefined {
      return series.evidence;
    },
  };
}
