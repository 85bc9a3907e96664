import type { ExecEvent, ExitEvent, ForkEvent, ReapEvent } from '../model/event.ts';
import { EXIT_REASONS } from '../model/process.ts';
import { LAYOUT } from './layout.ts';
import {
  atOf,
  comm,
  type Memory,
  noUsage,
  pidOf,
  readUsage,
  startedNsOf,
  u16,
  u32,
  u64,
  type Writable,
} from './record.ts';

const FORK = LAYOUT.fork_event.fields;
const EXEC = LAYOUT.exec_event.fields;
const EXIT = LAYOUT.exit_event.fields;
const REAP = LAYOUT.reap_event.fields;

/** A double, as what is told will be: V8 gives an object another shape when a small integer in it becomes a double. */
const NOT_TOLD = Number.NaN;

export function emptyFork(): Writable<ForkEvent> {
  return {
    kind: 'fork',
    at: NOT_TOLD,
    pid: 0,
    startedNs: NOT_TOLD,
    cgroupId: 0,
    parentPid: 0,
    parentStartedNs: NOT_TOLD,
    uid: 0,
    comm: '',
  };
}

export function readFork(memory: Memory, start: number, event: Writable<ForkEvent>): ForkEvent {
  event.pid = pidOf(memory, start);
  event.startedNs = startedNsOf(memory, start);
  event.at = atOf(memory, start);
  event.parentPid = u32(memory, start + FORK.parent_pid);
  event.parentStartedNs = u64(memory, start + FORK.parent_started_ns);
  event.uid = u32(memory, start + FORK.uid);
  event.cgroupId = u64(memory, start + FORK.cgroup_id);
  event.comm = comm(memory, start + FORK.comm);
  return event;
}

/** As in `bpf/events.h`. */
const ARGV_BYTES_MAX = 256;

/** argv is copied only for who asks, and good until the next exec is read. */
export class Exec implements Writable<ExecEvent> {
  readonly kind = 'exec';
  at = NOT_TOLD;
  pid = 0;
  startedNs = NOT_TOLD;
  cgroupId = 0;
  uid = 0;
  comm = '';
  exe = '';
  argvStart = 0;
  argvLength = 0;
  readonly #bytes: Uint8Array;
  readonly #copy = new Uint8Array(ARGV_BYTES_MAX);
  /** Of the copy, by length: a view costs more than the bytes it shows. */
  readonly #views: Uint8Array[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get argv(): Uint8Array {
    const length = Math.min(this.argvLength, ARGV_BYTES_MAX);
    for (let index = 0; index < length; index++) this.#copy[index] = this.#bytes[this.argvStart + index]!;
    this.#views[length] ??= this.#copy.subarray(0, length);
    return this.#views[length];
  }
}

/** Undefined when the texts are longer than the record. */
export function readExec(memory: Memory, start: number, length: number, event: Exec): ExecEvent | undefined {
  const exeLength = u16(memory, start + EXEC.exe_length);
  const argvLength = u16(memory, start + EXEC.argv_length);
  if (EXEC.text + exeLength + argvLength > length) return undefined;

  event.pid = pidOf(memory, start);
  event.startedNs = startedNsOf(memory, start);
  event.at = atOf(memory, start);
  event.cgroupId = u64(memory, start + EXEC.cgroup_id);
  event.uid = u32(memory, start + EXEC.uid);
  event.comm = comm(memory, start + EXEC.comm);
  event.exe = memory.texts.read(memory.bytes, start + EXEC.text, exeLength);
  event.argvStart = start + EXEC.text + exeLength;
  event.argvLength = argvLength;
  return event;
}

export function emptyExit(): Writable<ExitEvent> {
  return {
    kind: 'exit',
    at: NOT_TOLD,
    pid: 0,
    startedNs: NOT_TOLD,
    cgroupId: 0,
    status: 0,
    reason: 'ok',
    lifetimeNs: NOT_TOLD,
    rssPeakBytes: 0,
    used: noUsage(),
    comm: '',
  };
}

/** Undefined when the reason is none that we know. */
export function readExit(memory: Memory, start: number, event: Writable<ExitEvent>): ExitEvent | undefined {
  const reason = EXIT_REASONS[u32(memory, start + EXIT.reason)];
  if (reason === undefined) return undefined;

  event.pid = pidOf(memory, start);
  event.startedNs = startedNsOf(memory, start);
  event.at = atOf(memory, start);
  event.cgroupId = u64(memory, start + EXIT.cgroup_id);
  event.status = u32(memory, start + EXIT.status);
  event.reason = reason;
  event.lifetimeNs = u64(memory, start + EXIT.lifetime_ns);
  event.rssPeakBytes = u64(memory, start + EXIT.rss_peak_bytes);
  readUsage(memory, start + EXIT.used, event.used);
  event.comm = comm(memory, start + EXIT.comm);
  return event;
}

export function emptyReap(): Writable<ReapEvent> {
  return { kind: 'reap', at: NOT_TOLD, pid: 0, startedNs: NOT_TOLD, cgroupId: 0, used: noUsage() };
}

export function readReap(memory: Memory, start: number, event: Writable<ReapEvent>): ReapEvent {
  event.pid = pidOf(memory, start);
  event.startedNs = startedNsOf(memory, start);
  event.at = atOf(memory, start);
  event.cgroupId = u64(memory, start + REAP.cgroup_id);
  readUsage(memory, start + REAP.used, event.used);
  return event;
}
