import type { IdleSampleEvent, ProcessSampleEvent, ThreadSampleEvent } from '../model/event.ts';
import type { TaskState } from '../model/process.ts';
import { LAYOUT } from './layout.ts';
import { comm, type Memory, noUsage, readIdentity, readUsage, u16, u32, u64, type Writable } from './record.ts';

const PROCESS = LAYOUT.process_sample.fields;
const THREAD = LAYOUT.thread_sample.fields;
const KERNEL_THREAD = 1;
/** ~0, or what an odd program asked for beyond any count of files. */
const NO_LIMIT = 2 ** 63;

/** `enum task_state`. A kernel thread that idles sleeps, as far as anyone who counts load is concerned. */
const STATES: readonly (TaskState | undefined)[] = [
  'running',
  'sleeping',
  'uninterruptible',
  'stopped',
  'zombie',
  'sleeping',
];

export function emptyProcessSample(): Writable<ProcessSampleEvent> {
  return {
    kind: 'process-sample',
    at: 0,
    pid: 0,
    startedNs: 0,
    cgroupId: 0,
    parentPid: 0,
    parentStartedNs: 0,
    uid: 0,
    comm: '',
    exe: '',
    isKernelThread: false,
    state: 'running',
    used: noUsage(),
    leaderRuntimeNs: Number.NaN,
    anonymousBytes: 0,
    fileBytes: 0,
    sharedBytes: 0,
    swapBytes: 0,
    rssPeakBytes: 0,
    fds: 0,
    fdLimit: 0,
    threads: 0,
    oomScoreAdj: 0,
    pidNamespace: 0,
    childrenUserNs: Number.NaN,
    childrenSystemNs: Number.NaN,
  };
}

/** What the sample takes in the buffer: records begin at multiples of 8. */
export function processSampleSize(memory: Memory, start: number): number {
  return LAYOUT.process_sample.size + ((u16(memory, start + PROCESS.exe_length) + 7) & ~7);
}

/** Undefined when the state is none that we know. */
export function readProcessSample(
  memory: Memory,
  start: number,
  event: Writable<ProcessSampleEvent>,
): ProcessSampleEvent | undefined {
  const state = STATES[memory.bytes[start + PROCESS.state]!];
  if (state === undefined) return undefined;

  readIdentity(memory, start, event);
  event.parentPid = u32(memory, start + PROCESS.parent_pid);
  event.uid = u32(memory, start + PROCESS.uid);
  event.parentStartedNs = u64(memory, start + PROCESS.parent_started_ns);
  event.cgroupId = u64(memory, start + PROCESS.cgroup_id);
  readUsage(memory, start + PROCESS.used, event.used);
  event.leaderRuntimeNs = u64(memory, start + PROCESS.leader_runtime_ns);
  event.anonymousBytes = u64(memory, start + PROCESS.anonymous_bytes);
  event.fileBytes = u64(memory, start + PROCESS.file_bytes);
  event.sharedBytes = u64(memory, start + PROCESS.shared_bytes);
  event.swapBytes = u64(memory, start + PROCESS.swap_bytes);
  event.rssPeakBytes = u64(memory, start + PROCESS.rss_peak_bytes);
  const fdLimit = u64(memory, start + PROCESS.fd_limit);
  event.fdLimit = fdLimit >= NO_LIMIT ? Number.POSITIVE_INFINITY : fdLimit;
  event.fds = u32(memory, start + PROCESS.fds);
  event.threads = u32(memory, start + PROCESS.threads);
  event.pidNamespace = u32(memory, start + PROCESS.pid_namespace);
  event.oomScoreAdj = u32(memory, start + PROCESS.oom_score_adj) | 0;
  event.state = state;
  event.isKernelThread = (memory.bytes[start + PROCESS.flags]! & KERNEL_THREAD) !== 0;
  event.comm = comm(memory, start + PROCESS.comm);
  event.exe = memory.texts.read(memory.bytes, start + PROCESS.exe, u16(memory, start + PROCESS.exe_length));
  return event;
}

export function emptyThreadSample(): Writable<ThreadSampleEvent> {
  return { kind: 'thread-sample', at: 0, pid: 0, startedNs: 0, tid: 0, state: 'running', used: noUsage() };
}

/** Undefined when the state is none that we know. */
export function readThreadSample(
  memory: Memory,
  start: number,
  event: Writable<ThreadSampleEvent>,
): ThreadSampleEvent | undefined {
  const state = STATES[memory.bytes[start + THREAD.state]!];
  if (state === undefined) return undefined;

  readIdentity(memory, start, event);
  event.tid = u32(memory, start + THREAD.tid);
  event.state = state;
  readUsage(memory, start + THREAD.used, event.used);
  return event;
}

export function emptyIdleSample(): Writable<IdleSampleEvent> {
  return { kind: 'idle-sample', at: 0, pid: 0, startedNs: 0 };
}

export function readIdleSample(memory: Memory, start: number, event: Writable<IdleSampleEvent>): IdleSampleEvent {
  readIdentity(memory, start, event);
  return event;
}
