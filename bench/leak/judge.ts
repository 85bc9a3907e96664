import { median } from '../harness/figures.ts';
import type { Trace } from './trace.ts';
import type { Watcher } from './watchers.ts';

const EARLY = 0.6;
const NOTHING = { lived: Number.NaN, gone: Number.NaN, leftSeconds: Number.NaN, forecastError: Number.NaN };

/** What a watcher said of one trace. */
export interface Verdict {
  readonly kind: string;
  readonly isLeak: boolean;
  /** It warned: of a leak, not before there was one. */
  readonly isRight: boolean;
  readonly isWarned: boolean;
  /** Share of its life that a leak had lived when it was told of; NaN if it never was, or is none. */
  readonly lived: number;
  /** Share of the head-room that there was when it began. */
  readonly gone: number;
  readonly leftSeconds: number;
  /** |forecast − truth| / truth of the time to the limit, at the warning. */
  readonly forecastError: number;
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly recallEarly: number;
  readonly falseShare: number;
  readonly livedMedian: number;
  readonly goneMedian: number;
  readonly leftMedian: number;
  readonly forecastError: number;
}

/** The first warning counts: nobody takes one back that has woken somebody. */
export function judge(trace: Trace, watcher: Watcher): Verdict {
  const { kind, isLeak, bytes, stepMs, limitBytes, onset } = trace;
  for (let index = 0; index < bytes.length; index++) {
    if (!watcher.observe(index * stepMs, bytes[index]!, limitBytes)) continue;
    if (!isLeak || index < onset) return { kind, isLeak, isRight: false, isWarned: true, ...NOTHING };
    const left = ((bytes.length - 1 - index) * stepMs) / 1_000;
    return {
      kind,
      isLeak,
      isRight: true,
      isWarned: true,
      lived: (index - onset) / (bytes.length - 1 - onset),
      gone: (bytes[index]! - bytes[onset]!) / (limitBytes - bytes[onset]!),
      leftSeconds: left,
      forecastError: Math.abs(watcher.forecastSeconds() - left) / left,
    };
  }
  return { kind, isLeak, isRight: false, isWarned: false, ...NOTHING };
}

export function score(verdicts: readonly Verdict[]): Score {
  const leaks = verdicts.filter(({ isLeak }) => isLeak);
  const right = leaks.filter(({ isRight }) => isRight);
  const wrong = verdicts.filter(({ isWarned, isRight }) => isWarned && !isRight);
  const errors = right.map(({ forecastError }) => forecastError).filter((error) => !Number.isNaN(error));
  return {
    precision: right.length / (right.length + wrong.length),
    recall: right.length / leaks.length,
    recallEarly: right.filter(({ lived }) => lived <= EARLY).length / leaks.length,
    falseShare: wrong.filter(({ isLeak }) => !isLeak).length / (verdicts.length - leaks.length),
    livedMedian: median(right.map(({ lived }) => lived)),
    goneMedian: median(right.map(({ gone }) => gone)),
    leftMedian: median(right.map(({ leftSeconds }) => leftSeconds)),
    forecastError: median(errors),
  };
}
