import type { CgroupEnteredEvent, CgroupMadeEvent, OomEvent, StormEvent } from '../model/event.ts';
import { LAYOUT, PATH_BYTES_MAX } from './layout.ts';
import { comm, type Memory, readIdentity, u16, u32, u64, type Writable } from './record.ts';

const STORM = LAYOUT.storm_event.fields;
const OOM = LAYOUT.oom_event.fields;
const CGROUP = LAYOUT.cgroup_event.fields;
/** `enum storm_scope`. */
const SCOPES = [undefined, 'parent', 'cgroup'] as const;

export function emptyStorm(): Writable<StormEvent> {
  return { kind: 'storm', at: 0, pid: 0, startedNs: 0, cgroupId: 0, scope: 'parent', forks: 0, windowNs: 0 };
}

/** Undefined when the scope is none that we know. */
export function readStorm(memory: Memory, start: number, event: Writable<StormEvent>): StormEvent | undefined {
  const scope = SCOPES[u32(memory, start + STORM.scope)];
  if (scope === undefined) return undefined;

  readIdentity(memory, start, event);
  event.cgroupId = u64(memory, start + STORM.cgroup_id);
  event.scope = scope;
  event.forks = u32(memory, start + STORM.forks);
  event.windowNs = u64(memory, start + STORM.window_ns);
  return event;
}

export function emptyOom(): Writable<OomEvent> {
  return {
    kind: 'oom',
    at: 0,
    pid: 0,
    startedNs: 0,
    cgroupId: 0,
    uid: 0,
    comm: '',
    oomScoreAdj: 0,
    totalVmBytes: 0,
    anonymousBytes: 0,
    fileBytes: 0,
    sharedBytes: 0,
    pageTableBytes: 0,
  };
}

export function readOom(memory: Memory, start: number, event: Writable<OomEvent>): OomEvent {
  readIdentity(memory, start, event);
  event.cgroupId = u64(memory, start + OOM.cgroup_id);
  event.totalVmBytes = u64(memory, start + OOM.total_vm_bytes);
  event.anonymousBytes = u64(memory, start + OOM.anonymous_bytes);
  event.fileBytes = u64(memory, start + OOM.file_bytes);
  event.sharedBytes = u64(memory, start + OOM.shared_bytes);
  event.pageTableBytes = u64(memory, start + OOM.page_table_bytes);
  event.oomScoreAdj = u32(memory, start + OOM.oom_score_adj) | 0;
  event.uid = u32(memory, start + OOM.uid);
  event.comm = comm(memory, start + OOM.comm);
  return event;
}

export type AnyCgroupEvent = Writable<CgroupMadeEvent | CgroupEnteredEvent> & { pid: number; startedNs: number };

export function emptyCgroup<Kind extends AnyCgroupEvent['kind']>(kind: Kind) {
  return { kind, at: 0, pid: 0, startedNs: 0, cgroupId: 0, path: '' };
}

/** Undefined when the path is longer than the record. A path that the probe cut is no path: it is left empty. */
export function readCgroup<Event extends AnyCgroupEvent>(
  memory: Memory,
  start: number,
  length: number,
  event: Event,
): Event | undefined {
  const pathLength = u16(memory, start + CGROUP.path_length);
  if (CGROUP.path + pathLength > length) return undefined;

  readIdentity(memory, start, event);
  event.cgroupId = u64(memory, start + CGROUP.cgroup_id);
  event.path = pathLength < PATH_BYTES_MAX ? memory.texts.readOnce(memory.bytes, start + CGROUP.path, pathLength) : '';
  return event;
}
