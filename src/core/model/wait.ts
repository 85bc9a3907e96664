import type { Owner } from './stall.ts';
import type { CgroupId, Instant, StartedNs } from './units.ts';

interface OfWait {
  readonly at: Instant;
  /** The process that waits, and its cgroup. */
  readonly pid: number;
  readonly startedNs: StartedNs;
  readonly cgroupId: CgroupId;
  readonly tid: number;
  readonly cpu: number;
  readonly waitedNs: number;
}

/** Who held the CPU for a part of one wait. */
export interface WaitPart {
  readonly owner: Owner;
  /** Of the owner's process that held it longest; 0 where there is none. */
  readonly pid: number;
  readonly ns: number;
}

/** One long wait for a CPU is over: the task runs, or goes on waiting for another CPU. Its workload may have had more than are told. */
export interface LongWaitEvent extends OfWait {
  readonly kind: 'long-wait';
  /** Largest first; with `restNs` they are the whole. */
  readonly parts: readonly WaitPart[];
  readonly restNs: number;
}

/** A task has waited for a CPU this long, and still does. Each look at the host tells all of them, and then that it is over. */
export interface WaitingEvent extends OfWait {
  readonly kind: 'waiting';
  /** Who runs there now, or the quota that forbids it. */
  readonly owner: Owner;
  readonly ownerPid: number;
}

export interface WaitingEndEvent {
  readonly kind: 'waiting-end';
  readonly at: Instant;
}

/**
 * A task waits where most signals don't reach it, and has done nothing else for so long. Each snapshot tells all of them before it ends.
 *
 * The sleep is one and the same: whoever wakes gets some CPU, and then it is another.
 */
export interface BlockedEvent {
  readonly kind: 'blocked';
  readonly at: Instant;
  readonly pid: number;
  readonly startedNs: StartedNs;
  readonly tid: number;
  /** At least: since a snapshot first saw it so. */
  readonly blockedMs: number;
  /** The kernel's function that waits; empty where that is not told. */
  readonly site: string;
}
