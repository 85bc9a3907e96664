import type { CgroupLimitsEvent, HostEvent } from './facts.ts';
import type { WorkloadNames } from './names.ts';
import type { Resource } from './pressure.ts';
import type { ExitReason, TaskState, Usage } from './process.ts';
import type { StallEvent, SwitchesEvent } from './stall.ts';
import type { CgroupId, Instant, StartedNs } from './units.ts';
import type { BlockedEvent, LongWaitEvent, WaitingEndEvent, WaitingEvent } from './wait.ts';

export type { CgroupLimitsEvent, HostEvent } from './facts.ts';

/*
 * Everything the core knows entered as one of these. The decoder fills the same object again for the next event of its
 * kind, so whoever receives one copies what it wants to keep before it returns.
 */

interface OfProcess {
  readonly at: Instant;
  readonly pid: number;
  readonly startedNs: StartedNs;
  readonly cgroupId: CgroupId;
}

/** The event names the child. */
export interface ForkEvent extends OfProcess {
  readonly kind: 'fork';
  readonly parentPid: number;
  readonly parentStartedNs: StartedNs;
  readonly uid: number;
  readonly comm: string;
}

export interface ExecEvent extends OfProcess {
  readonly kind: 'exec';
  readonly uid: number;
  readonly comm: string;
  /** Base name of the file that runs; of a script, its interpreter's. */
  readonly exe: string;
  /** The first 256 bytes, NUL between arguments, as they came: UTF-8 is not promised. Valid until `observe` returns. */
  readonly argv: Uint8Array;
}

/** The last thread begins to exit; `used` still grows until the reap. */
export interface ExitEvent extends OfProcess {
  readonly kind: 'exit';
  /** As wait(2) reports it. */
  readonly status: number;
  readonly reason: ExitReason;
  readonly lifetimeNs: number;
  readonly rssPeakBytes: number;
  readonly used: Usage;
  readonly comm: string;
}

/** Gone and waited for: `used` is final. */
export interface ReapEvent extends OfProcess {
  readonly kind: 'reap';
  readonly used: Usage;
}

/** A leaky bucket of forks ran over, in the kernel. pid 0 when the bucket is a cgroup's. */
export interface StormEvent extends OfProcess {
  readonly kind: 'storm';
  readonly scope: 'parent' | 'cgroup';
  readonly forks: number;
  readonly windowNs: number;
}

/** The kernel chose a victim. */
export interface OomEvent extends OfProcess {
  readonly kind: 'oom';
  readonly uid: number;
  readonly comm: string;
  readonly oomScoreAdj: number;
  readonly totalVmBytes: number;
  readonly anonymousBytes: number;
  readonly fileBytes: number;
  readonly sharedBytes: number;
  readonly pageTableBytes: number;
}

export interface CgroupMadeEvent {
  readonly kind: 'cgroup-made' | 'cgroup-removed';
  readonly at: Instant;
  readonly cgroupId: CgroupId;
  /** From the root of the hierarchy, beginning with a slash; empty when it was too long for the record. */
  readonly path: string;
}

/** Somebody told what a container or a pod is called, be it before its cgroup was made or after that was removed. */
export interface WorkloadNamedEvent extends WorkloadNames {
  readonly kind: 'workload-named';
  readonly at: Instant;
}

/** A process moved to another cgroup. */
export interface CgroupEnteredEvent extends OfProcess {
  readonly kind: 'cgroup-entered';
  readonly path: string;
}

/** Snapshots arrive as begin, one sample for each process and for each thread but leaders, end. */
export interface SnapshotBeginEvent {
  readonly kind: 'snapshot-begin';
  readonly at: Instant;
}

export interface ProcessSampleEvent extends OfProcess {
  readonly kind: 'process-sample';
  readonly parentPid: number;
  readonly parentStartedNs: StartedNs;
  readonly uid: number;
  readonly comm: string;
  /** Base name of the executable; empty when the snapshot did not ask for names. */
  readonly exe: string;
  readonly isKernelThread: boolean;
  readonly state: TaskState;
  /** Of the leader and of the threads that ended; the others come as thread samples. */
  readonly used: Usage;
  /** Of the leader alone; NaN where only the whole process is counted. */
  readonly leaderRuntimeNs: number;
  readonly anonymousBytes: number;
  readonly fileBytes: number;
  readonly sharedBytes: number;
  readonly swapBytes: number;
  readonly rssPeakBytes: number;
  /** NaN where the snapshot can't see them. */
  readonly fds: number;
  /** Soft limit; Infinity when there is none, NaN where it can't be seen. */
  readonly fdLimit: number;
  readonly threads: number;
  readonly oomScoreAdj: number;
  readonly pidNamespace: number;
  /** CPU of the children it has waited for, and of theirs; NaN where each exit is seen by itself. */
  readonly childrenUserNs: number;
  readonly childrenSystemNs: number;
}

export interface ThreadSampleEvent {
  readonly kind: 'thread-sample';
  readonly at: Instant;
  readonly pid: number;
  readonly startedNs: StartedNs;
  readonly tid: number;
  readonly state: TaskState;
  readonly used: Usage;
}

/** It lives, and is as its last sample told: it has had no CPU since. */
export interface IdleSampleEvent {
  readonly kind: 'idle-sample';
  readonly at: Instant;
  readonly pid: number;
  readonly startedNs: StartedNs;
}

/** Everything that ended before the snapshot began has been told by now, or was lost. */
export interface SnapshotEndEvent {
  readonly kind: 'snapshot-end';
  readonly at: Instant;
}

export interface LifecycleCounts {
  readonly forks: number;
  readonly execs: number;
  /** In the order of EXIT_REASONS. */
  readonly exits: readonly number[];
}

/** What the kernel counted for a cgroup since the probes were attached; exact whatever the ring lost. */
export interface CgroupCountsEvent extends LifecycleCounts {
  readonly kind: 'cgroup-counts';
  readonly at: Instant;
  /** 0 for all cgroups that the kernel's map had no room for. */
  readonly cgroupId: CgroupId;
  readonly threads: number;
  readonly oomKills: number;
  readonly runDelayNs: number;
  /** Single waits for a CPU of 50 ms and more, and those that could not be told, being too many. NaN where no probe looks. */
  readonly longWaits: number;
  readonly longWaitsUntold: number;
  readonly lifetimeNs: number;
  /** By bucket of LIFETIME_BOUNDS_SECONDS, not cumulative; the last has no bound. */
  readonly lifetimes: readonly number[];
  /** The part of the above that no event told. */
  readonly lost: LifecycleCounts;
  /** Of processes whose reap no event told. */
  readonly lostUsage: Usage;
}

/** Totals since boot, of a cgroup or, with id 0, of the host. NaN: this kernel does not tell. */
export interface PressureEvent {
  readonly kind: 'pressure';
  readonly at: Instant;
  readonly cgroupId: CgroupId;
  readonly resource: Resource;
  readonly someSeconds: number;
  readonly fullSeconds: number;
}

/** Where the clock reached; the core has no other. */
export interface TickEvent {
  readonly kind: 'tick';
  readonly at: Instant;
}

export type Event =
  | ForkEvent
  | ExecEvent
  | ExitEvent
  | ReapEvent
  | StormEvent
  | OomEvent
  | CgroupMadeEvent
  | CgroupEnteredEvent
  | WorkloadNamedEvent
  | SnapshotBeginEvent
  | ProcessSampleEvent
  | ThreadSampleEvent
  | IdleSampleEvent
  | BlockedEvent
  | SnapshotEndEvent
  | CgroupCountsEvent
  | PressureEvent
  | CgroupLimitsEvent
  | HostEvent
  | StallEvent
  | SwitchesEvent
  | LongWaitEvent
  | WaitingEvent
  | WaitingEndEvent
  | TickEvent;

export type EventKind = Event['kind'];

/** Also of an event that has one of several kinds. */
export type EventOf<Kind, Each = Event> = Each extends { readonly kind: infer Kinds }
  ? Kind extends Kinds
    ? Each
    : never
  : never;
