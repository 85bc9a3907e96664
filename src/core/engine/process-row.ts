import { redactArgv } from '../model/argv.ts';
import type { Process, ProcessId, TaskState } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { Engine } from './engine.ts';
import type { StallBehind } from './stall-behind.ts';

/** A process as the world may see it; NaN is not known. Its argv is redacted. */
export interface ProcessRow extends ProcessId {
  readonly comm: string;
  readonly exe: string;
  /** Empty where nobody told: it ran before we did. */
  readonly argv: readonly string[];
  readonly uid: number;
  readonly group: string | undefined;
  readonly workload: Workload | undefined;
  readonly state: TaskState;
  readonly isKernelThread: boolean;
  /** Who begat it. */
  readonly parent: ProcessId | undefined;
  readonly threads: number;
  /** CPU seconds per second over the last five to ten seconds; 1 is one CPU. */
  readonly cpuRatio: number;
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly anonymousBytes: number;
  readonly swapBytes: number;
  readonly growthBytesPerSecond: number;
  readonly openFds: number;
  readonly fdLimit: number;
  readonly forksPerSecond: number;
  readonly stallRatio: number;
}

export function rowOf({ accounts, tree }: Engine, process: Process, stall: StallBehind, at: Instant): ProcessRow {
  const { pid, startedNs, parentPid, parentStartedNs } = process;
  const { comm, exe, uid, state, isKernelThread, threads, anonymousBytes, swapBytes, fds, fdLimit } = process;

  return {
    pid,
    startedNs,
    comm,
    exe,
    argv: redactArgv(tree.argv(process)),
    uid,
    group: accounts.groupOf(process),
    workload: accounts.workloadOf(process),
    state,
    isKernelThread,
    parent: parentPid === 0 ? undefined : { pid: parentPid, startedNs: parentStartedNs },
    threads,
    cpuSeconds: (accounts.usageOf(process)?.runtimeNs ?? Number.NaN) / 1e9,
    residentBytes: residentOf(process),
    anonymousBytes,
    swapBytes,
    openFds: fds,
    fdLimit,
    ...accounts.rates.of(process, at),
    stallRatio: stall(process),
  };
}

export function residentOf({ anonymousBytes, fileBytes, sharedBytes }: Process): number {
  return anonymousBytes + fileBytes + sharedBytes;
}
