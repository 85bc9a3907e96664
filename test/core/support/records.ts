import type {
  CgroupEnteredEvent,
  CgroupMadeEvent,
  ExecEvent,
  ExitEvent,
  ForkEvent,
  IdleSampleEvent,
  OomEvent,
  ProcessSampleEvent,
  ReapEvent,
  StormEvent,
  ThreadSampleEvent,
} from '../../../src/core/model/event.ts';
import { EXIT_REASONS, TASK_STATES, type Usage } from '../../../src/core/model/process.ts';
import { OWNER_KINDS, type Owner } from '../../../src/core/model/stall.ts';
import type { LongWaitEvent, WaitingEvent, WaitPart } from '../../../src/core/model/wait.ts';
import { KIND, LAYOUT } from '../../../src/core/wire/layout.ts';

/** What the probes write, written by us: the other direction of src/core/wire. */
export type RecordEvent =
  | ForkEvent
  | ExecEvent
  | ExitEvent
  | ReapEvent
  | StormEvent
  | OomEvent
  | CgroupMadeEvent
  | CgroupEnteredEvent
  | ProcessSampleEvent
  | ThreadSampleEvent
  | LongWaitEvent
  | WaitingEvent
  | IdleSampleEvent;

const KINDS: Readonly<Record<RecordEvent['kind'], readonly [kind: number, record: keyof typeof LAYOUT]>> = {
  fork: [KIND.fork, 'fork_event'],
  exec: [KIND.exec, 'exec_event'],
  exit: [KIND.exit, 'exit_event'],
  reap: [KIND.reap, 'reap_event'],
  storm: [KIND.storm, 'storm_event'],
  oom: [KIND.oom, 'oom_event'],
  'cgroup-made': [KIND.cgroupMade, 'cgroup_event'],
  'cgroup-removed': [KIND.cgroupRemoved, 'cgroup_event'],
  'cgroup-entered': [KIND.cgroupEntered, 'cgroup_event'],
  'process-sample': [KIND.processSample, 'process_sample'],
  'thread-sample': [KIND.threadSample, 'thread_sample'],
  'long-wait': [KIND.longWait, 'wait_event'],
  waiting: [KIND.waiting, 'waiting_sample'],
  'idle-sample': [KIND.idleSample, 'idle_sample'],
};

/** Padding included, where the probe pads. */
export function sizeOfEvent(event: RecordEvent): number {
  const { size } = LAYOUT[KINDS[event.kind][1]];
  switch (event.kind) {
    case 'exec':
      return size + Buffer.byteLength(event.exe) + event.argv.length;
    case 'process-sample':
      return size + ((Buffer.byteLength(event.exe) + 7) & ~7);
    case 'cgroup-made':
    case 'cgroup-removed':
    case 'cgroup-entered':
      return size + Buffer.byteLength(event.path);
    default:
      return size;
  }
}

export function layEvent(bytes: Uint8Array, start: number, event: RecordEvent): void {
  const [kind, record] = KINDS[event.kind];
  const memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  memory.writeUInt32LE(kind, start);
  if ('pid' in event) memory.writeUInt32LE(event.pid, start + 4);
  if ('startedNs' in event) u64(memory, start + 8, event.startedNs);
  u64(memory, start + 16, event.at * 1e6);

  for (const [field, offset] of Object.entries(LAYOUT[record].fields)) {
    const write = FIELDS[field];
    const value = memberOf(event, field);
    if (write !== undefined && value !== undefined) write(memory, start + offset, value);
  }
}

export function toBytes(event: RecordEvent): Uint8Array {
  const bytes = new Uint8Array((sizeOfEvent(event) + 7) & ~7);
  layEvent(bytes, 0, event);
  return bytes;
}

type Value = number | string | Uint8Array | Usage | Owner | readonly WaitPart[];
type Write = (memory: Buffer, offset: number, value: Value) => void;

/** Members that are not a number of 64 bits under the event's own name. */
function memberOf(event: RecordEvent, field: string): Value | undefined {
  const values = event as unknown as Record<string, Value | boolean>;
  switch (field) {
    case 'header':
    case 'reserved':
    case 'level':
      return undefined;
    case 'exe_length':
      return Buffer.byteLength(String(values.exe));
    case 'argv_length':
      return (values.argv as Uint8Array).length;
    case 'path_length':
      return Buffer.byteLength(String(values.path));
    case 'text':
      return Buffer.concat([Buffer.from(String(values.exe)), values.argv as Uint8Array]);
    case 'reason':
      return EXIT_REASONS.indexOf((event as ExitEvent).reason);
    case 'scope':
      return (event as StormEvent).scope === 'parent' ? 1 : 2;
    case 'state':
      return TASK_STATES.indexOf((event as ThreadSampleEvent).state);
    case 'offenders':
      return (event as LongWaitEvent).parts;
    case 'flags':
      return values.isKernelThread === true ? 1 : 0;
    default:
      return values[field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())] as Value;
  }
}

const u64: Write = (memory, offset, value) => {
  const number = Number(value);
  memory.writeBigUInt64LE(number === Number.POSITIVE_INFINITY ? 2n ** 64n - 1n : BigInt(Math.trunc(number)), offset);
};
const u32: Write = (memory, offset, value) => memory.writeInt32LE(Number(value) | 0, offset);
const u16: Write = (memory, offset, value) => memory.writeUInt16LE(Number(value), offset);
const u8: Write = (memory, offset, value) => memory.writeUInt8(Number(value), offset);
const text: Write = (memory, offset, value) => {
  memory.set(typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array), offset);
};
const usage: Write = (memory, offset, value) => {
  const used = value as Usage;
  const values = [used.runtimeNs, used.userNs, used.systemNs, used.readBytes, used.writeBytes, used.majorFaults];
  values.forEach((of, index) => {
    u64(memory, offset + index * 8, of);
  });
};

const owner: Write = (memory, offset, value) => {
  const { kind, id } = value as Owner;
  memory.writeBigUInt64LE((BigInt(OWNER_KINDS.indexOf(kind)) << 56n) | BigInt(id), offset);
};
const offenders: Write = (memory, offset, value) => {
  const { size, fields } = LAYOUT.wait_offender;
  for (const [place, part] of (value as readonly WaitPart[]).entries()) {
    owner(memory, offset + place * size + fields.owner, part.owner);
    u64(memory, offset + place * size + fields.ns, part.ns);
    u32(memory, offset + place * size + fields.pid, part.pid);
  }
};

const FIELDS: Readonly<Record<string, Write>> = {
  parent_pid: u32,
  uid: u32,
  parent_started_ns: u64,
  cgroup_id: u64,
  comm: text,
  exe_length: u16,
  argv_length: u16,
  text,
  status: u32,
  reason: u32,
  lifetime_ns: u64,
  rss_peak_bytes: u64,
  used: usage,
  leader_runtime_ns: u64,
  scope: u32,
  forks: u32,
  window_ns: u64,
  total_vm_bytes: u64,
  anonymous_bytes: u64,
  file_bytes: u64,
  shared_bytes: u64,
  page_table_bytes: u64,
  swap_bytes: u64,
  oom_score_adj: u32,
  path_length: u16,
  path: text,
  fd_limit: u64,
  fds: u32,
  threads: u32,
  pid_namespace: u32,
  state: u8,
  flags: u8,
  exe: text,
  tid: u32,
  cpu: u32,
  waited_ns: u64,
  rest_ns: u64,
  offenders,
  owner,
  owner_pid: u32,
};
