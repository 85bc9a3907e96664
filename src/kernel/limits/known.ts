import type { CgroupLimitsEvent } from '../../core/model/event.ts';
import type { CgroupId, Instant } from '../../core/model/units.ts';
import type { Sources } from './controllers.ts';
import type { Writable } from './writable.ts';

const { NaN: NOT_KNOWN } = Number;

/** What was read of a cgroup, so that not everything has to be read each time. */
export interface Known {
  /** Filled in further by each reading. */
  readonly event: Writable<CgroupLimitsEvent>;
  readonly sources: Sources;
  /** Of itself alone. */
  memoryLimitBytes: number;
  /** How much memory it had when its parts were looked at. */
  memoryBytesThen: number;
  /** Of all its pressure files together. */
  stallSeconds: number;
  /** Something in it waited, the last time that one looked. */
  isStalled: boolean;
  /** None of its tasks ran between the last two readings, and between the two before. */
  isQuiet: boolean;
  wasQuiet: boolean;
  /** When its tasks were seen to have run, and until when that need not be asked again. */
  ranAt: Instant;
  lookAt: Instant;
  /** Others are below it. */
  isParent: boolean;
  /** When what hardly changes is due, while its tasks run and while they do not, and the pause before the latter. */
  limitsAt: Instant;
  limitsAtQuiet: Instant;
  limitsPauseMs: number;
}

export function nothingKnown(cgroupId: CgroupId): Known {
  return {
    event: {
      kind: 'cgroup-limits',
      at: 0,
      cgroupId,
      cpuUsageSeconds: NOT_KNOWN,
      cpuQuotaCores: NOT_KNOWN,
      cpuWeight: NOT_KNOWN,
      throttledSeconds: NOT_KNOWN,
      periods: NOT_KNOWN,
      throttledPeriods: NOT_KNOWN,
      memoryBytes: NOT_KNOWN,
      anonymousBytes: NOT_KNOWN,
      memoryLimitBytes: NOT_KNOWN,
      memoryHighBytes: NOT_KNOWN,
      memoryHighEvents: NOT_KNOWN,
      memoryMaxEvents: NOT_KNOWN,
      memoryOomEvents: NOT_KNOWN,
      oomKills: NOT_KNOWN,
      pids: NOT_KNOWN,
      pidsMax: NOT_KNOWN,
      ioReadBytes: NOT_KNOWN,
      ioWrittenBytes: NOT_KNOWN,
    },
    sources: { cpu: 'none', memory: 'none', pids: 'none', io: 'none' },
    memoryLimitBytes: NOT_KNOWN,
    memoryBytesThen: NOT_KNOWN,
    stallSeconds: 0,
    isStalled: false,
    isQuiet: false,
    wasQuiet: false,
    ranAt: Number.NEGATIVE_INFINITY,
    lookAt: Number.NEGATIVE_INFINITY,
    isParent: false,
    limitsAt: Number.NEGATIVE_INFINITY,
    limitsAtQuiet: Number.NEGATIVE_INFINITY,
    limitsPauseMs: 0,
  };
}

/** What v1 counts at a limit stands still where there is none: it is read once, and then not again. */
export function mayHaveGrown(count: number, limit: number): boolean {
  return Number.isNaN(count) || !Number.isNaN(limit);
}

/** The smaller of two limits, of which each may be none. */
export function tighter(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.min(one, other);
}

export function isKnown({ cpuUsageSeconds, cpuWeight, memoryBytes, pids, ioReadBytes }: CgroupLimitsEvent): boolean {
  const isNothing =
    Number.isNaN(cpuUsageSeconds) &&
    Number.isNaN(cpuWeight) &&
    Number.isNaN(memoryBytes) &&
    Number.isNaN(pids) &&
    Number.isNaN(ioReadBytes);
  return !isNothing;
}
