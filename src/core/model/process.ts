import type { CgroupId, Instant, StartedNs } from './units.ts';

/** Pids are reused; a pid with a start time is not. */
export interface ProcessId {
  readonly pid: number;
  readonly startedNs: StartedNs;
}

export const TASK_STATES = ['running', 'sleeping', 'uninterruptible', 'stopped', 'zombie'] as const;
export type TaskState = (typeof TASK_STATES)[number];

export const EXIT_REASONS = ['ok', 'error', 'signal', 'oom'] as const;
export type ExitReason = (typeof EXIT_REASONS)[number];

/** What a process has used since it started; every member only grows. */
export interface Usage {
  /** Exact CPU time; user and system split it by the ratio below. */
  readonly runtimeNs: number;
  /** Sampled by the tick, so only good for a ratio. */
  readonly userNs: number;
  readonly systemNs: number;
  /** What reached the storage layer, not what read(2) and write(2) moved. */
  readonly readBytes: number;
  readonly writeBytes: number;
  readonly majorFaults: number;
}

/** Upper bounds of the lifetime histogram; one more bucket has none. The probes count by the same. */
export const LIFETIME_BOUNDS_SECONDS = [0.001, 0.01, 0.1, 1, 10, 60, 600, 3600] as const;

/**
 * A process as the tree knows it; numbers that no sample told yet are NaN.
 *
 * The object is used again for another process some time after this one ended: keep the identity, not the object.
 */
export interface Process extends ProcessId {
  /** A small number that no other remembered process has; it too is used again. */
  readonly slot: number;
  /** Who begat it, which stays so when it is orphaned; pid 0 when nobody told. */
  readonly parentPid: number;
  readonly parentStartedNs: StartedNs;
  /** Who waits for it now, as far as the last sample told. */
  readonly waiterPid: number;
  readonly waiterStartedNs: StartedNs;
  readonly comm: string;
  /** Empty while unknown, and for kernel threads. */
  readonly exe: string;
  readonly uid: number;
  readonly cgroupId: CgroupId;
  /** Processes that it begat since it is known to the tree, as far as that was told. */
  readonly forks: number;
  readonly isKernelThread: boolean;
  readonly state: TaskState;
  /** NaN when it was there before us, or its fork was lost. */
  readonly forkedAt: Instant;
  readonly execedAt: Instant;
  /** Its last thread began to exit. */
  readonly exitedAt: Instant;
  /** It left the tree; NaN while it lives. */
  readonly endedAt: Instant;
  readonly exitStatus: number;
  readonly exitReason: ExitReason | undefined;
  readonly anonymousBytes: number;
  readonly fileBytes: number;
  readonly sharedBytes: number;
  readonly swapBytes: number;
  readonly rssPeakBytes: number;
  readonly fds: number;
  readonly fdLimit: number;
  readonly threads: number;
  readonly oomScoreAdj: number;
  readonly pidNamespace: number;
}

/**
 * Open descriptors over the soft limit; NaN where either is not known, and where more is open than that.
 *
 * Who lowers the limit below what it has open wants to open nothing more, as sshd's sandbox does: no limit is in its way.
 */
export function fdLimitRatio({ fds, fdLimit }: Pick<Process, 'fds' | 'fdLimit'>): number {
  return fds > fdLimit ? Number.NaN : fds / fdLimit;
}
