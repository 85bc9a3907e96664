import type { Severity } from '../../model/finding.ts';
import type { LeakOptions } from './options.ts';
import type { LeakEvidence, LeakLevel } from './series.ts';

/** Growth is followed from a fifth of the head-room on: what was told as a leak is over when it is not even that. */
const FOLLOWED_RATIO = 0.2;

/** How an operator says what is a leak, and what is only told as growth. */
export interface Thresholds {
  readonly goneRatio: number;
  readonly infoRatio: number;
}

export interface Grade {
  readonly severity: Severity;
  readonly strength: number;
  readonly threshold: number;
}

/** To grow for H and reach the limit in κ × H is to have taken 1 / (1 + κ) of what there was. */
export function horizonsOf(goneRatio: number): number {
  return 1 / goneRatio - 1;
}

export function horizonsAt({
  goneRatio,
  infoRatio,
}: Thresholds): Pick<LeakOptions, 'warningHorizons' | 'infoHorizons'> {
  return {
    warningHorizons: horizonsOf(goneRatio),
    infoHorizons: horizonsOf(Math.min(goneRatio, infoRatio < goneRatio ? infoRatio : FOLLOWED_RATIO)),
  };
}

export function gradeOf(level: Exclude<LeakLevel, 'none'>, evidence: LeakEvidence, thresholds: Thresholds): Grade {
  const { goneRatio, infoRatio } = thresholds;
  const isInfo = level === 'info' && infoRatio < goneRatio;
  const threshold = isInfo ? infoRatio : goneRatio;
  const ratio = evidence.goneRatio / threshold;
  const isTold = isInfo || level !== 'info';
  return { severity: level, threshold, strength: isTold ? Math.max(1, ratio) : Math.min(0.999, Math.max(0.7, ratio)) };
}
