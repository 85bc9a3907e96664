import type { CgroupId, Instant } from './units.ts';

/**
 * What a cgroup uses and may use, and how often it was held back. NaN: no such controller here, or no limit.
 *
 * What it uses includes what those below it use; events count only where they happened.
 */
export interface CgroupLimitsEvent {
  readonly kind: 'cgroup-limits';
  readonly at: Instant;
  readonly cgroupId: CgroupId;
  readonly cpuUsageSeconds: number;
  /** CPUs that it may keep busy in each period; its ancestors may leave it less. */
  readonly cpuQuotaCores: number;
  /** Its claim to CPU beside its siblings: `cpu.weight`, or `cpu.shares` of v1; only their ratios mean something. */
  readonly cpuWeight: number;
  readonly throttledSeconds: number;
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly memoryBytes: number;
  readonly anonymousBytes: number;
  /** The tightest of its own and its ancestors'. */
  readonly memoryLimitBytes: number;
  /** Above it the kernel slows its tasks down and reclaims; v1 has none. */
  readonly memoryHighBytes: number;
  /** How often it was above that, was at its limit, and found nothing there that could be reclaimed. */
  readonly memoryHighEvents: number;
  readonly memoryMaxEvents: number;
  readonly memoryOomEvents: number;
  readonly oomKills: number;
  /** Tasks: processes and threads. */
  readonly pids: number;
  readonly pidsMax: number;
  readonly ioReadBytes: number;
  readonly ioWrittenBytes: number;
}

/** The host as a whole. NaN: not told, or no limit. */
export interface HostEvent {
  readonly kind: 'host';
  readonly at: Instant;
  /** Since boot, threads included: all that a host without probes can tell of its forks. */
  readonly taskStarts: number;
  /** Processes and threads now. */
  readonly tasks: number;
  readonly tasksMax: number;
  /** Open files of all processes; one that is shared counts once. */
  readonly filesOpen: number;
  readonly filesMax: number;
  readonly memoryTotalBytes: number;
  readonly memoryAvailableBytes: number;
  readonly swapFreeBytes: number;
}
