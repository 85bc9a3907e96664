import type {
  CgroupCountsEvent,
  CgroupLimitsEvent,
  ExecEvent,
  ExitEvent,
  ForkEvent,
  HostEvent,
  IdleSampleEvent,
  ProcessSampleEvent,
  ReapEvent,
  ThreadSampleEvent,
} from '../../../src/core/model/event.ts';
import type { Usage } from '../../../src/core/model/process.ts';

/** Events with everything that a test does not care about filled in. */

export const NO_USAGE: Usage = { runtimeNs: 0, userNs: 0, systemNs: 0, readBytes: 0, writeBytes: 0, majorFaults: 0 };

/** All of it in user mode. */
export function ran(runtimeNs: number): Usage {
  return { ...NO_USAGE, runtimeNs, userNs: runtimeNs };
}

/** Started at a nanosecond that is its pid, unless told otherwise. */
function of(pid: number) {
  return { at: 0, pid, startedNs: pid, cgroupId: 100 };
}

export function fork(pid: number, parentPid: number, more: Partial<ForkEvent> = {}): ForkEvent {
  return { kind: 'fork', ...of(pid), parentPid, parentStartedNs: parentPid, uid: 0, comm: 'sh', ...more };
}

export function exec(pid: number, exe: string, more: Partial<ExecEvent> = {}): ExecEvent {
  return { kind: 'exec', ...of(pid), uid: 0, comm: exe.slice(0, 15), exe, argv: Buffer.from(`${exe}\0`), ...more };
}

export function exit(pid: number, more: Partial<ExitEvent> = {}): ExitEvent {
  const told = { status: 0, reason: 'ok', lifetimeNs: 5e6, rssPeakBytes: 0, used: NO_USAGE, comm: 'sh' } as const;
  return { kind: 'exit', ...of(pid), ...told, ...more };
}

export function reap(pid: number, more: Partial<ReapEvent> = {}): ReapEvent {
  return { kind: 'reap', ...of(pid), used: NO_USAGE, ...more };
}

export function sample(pid: number, more: Partial<ProcessSampleEvent> = {}): ProcessSampleEvent {
  return {
    kind: 'process-sample',
    ...of(pid),
    parentPid: 1,
    parentStartedNs: 1,
    uid: 0,
    comm: 'sh',
    exe: 'dash',
    isKernelThread: false,
    state: 'sleeping',
    used: NO_USAGE,
    leaderRuntimeNs: Number.NaN,
    anonymousBytes: 1_000,
    fileBytes: 200,
    sharedBytes: 30,
    swapBytes: 4,
    rssPeakBytes: 2_000,
    fds: 3,
    fdLimit: 1_024,
    threads: 1,
    oomScoreAdj: 0,
    pidNamespace: 1,
    childrenUserNs: Number.NaN,
    childrenSystemNs: Number.NaN,
    ...more,
  };
}

export function threadSample(pid: number, tid: number, more: Partial<ThreadSampleEvent> = {}): ThreadSampleEvent {
  return { kind: 'thread-sample', at: 0, pid, startedNs: pid, tid, state: 'sleeping', used: NO_USAGE, ...more };
}

/** As its last sample told. */
export function idle(pid: number, more: Partial<IdleSampleEvent> = {}): IdleSampleEvent {
  return { kind: 'idle-sample', at: 0, pid, startedNs: pid, ...more };
}

export function counts(cgroupId: number, more: Partial<CgroupCountsEvent> = {}): CgroupCountsEvent {
  const none = { forks: 0, execs: 0, exits: [0, 0, 0, 0] };
  return {
    kind: 'cgroup-counts',
    at: 0,
    cgroupId,
    ...none,
    threads: 0,
    oomKills: 0,
    runDelayNs: 0,
    longWaits: 0,
    longWaitsUntold: 0,
    lifetimeNs: 0,
    lifetimes: [0, 0, 0, 0, 0, 0, 0, 0, 0],
    lost: none,
    lostUsage: NO_USAGE,
    ...more,
  };
}

const { NaN: unknown } = Number;

/** Of which nothing is known but what is told here. */
export function limits(cgroupId: number, more: Partial<CgroupLimitsEvent> = {}): CgroupLimitsEvent {
  return {
    kind: 'cgroup-limits',
    at: 0,
    cgroupId,
    cpuUsageSeconds: unknown,
    cpuQuotaCores: unknown,
    cpuWeight: unknown,
    throttledSeconds: unknown,
    periods: unknown,
    throttledPeriods: unknown,
    memoryBytes: unknown,
    anonymousBytes: unknown,
    memoryLimitBytes: unknown,
    memoryHighBytes: unknown,
    memoryHighEvents: unknown,
    memoryMaxEvents: unknown,
    memoryOomEvents: unknown,
    oomKills: unknown,
    pids: unknown,
    pidsMax: unknown,
    ioReadBytes: unknown,
    ioWrittenBytes: unknown,
    ...more,
  };
}

/** The same of the host. */
export function hostTold(more: Partial<HostEvent> = {}): HostEvent {
  return {
    kind: 'host',
    at: 0,
    taskStarts: 0,
    tasks: unknown,
    tasksMax: unknown,
    filesOpen: unknown,
    filesMax: unknown,
    memoryTotalBytes: unknown,
    memoryAvailableBytes: unknown,
    swapFreeBytes: unknown,
    ...more,
  };
}
