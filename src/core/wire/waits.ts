import { OWNER_KINDS, type Owner } from '../model/stall.ts';
import type { LongWaitEvent, WaitingEvent, WaitPart } from '../model/wait.ts';
import { LAYOUT } from './layout.ts';
import { type Memory, readIdentity, u32, u64 } from './record.ts';

const WAIT = LAYOUT.wait_event.fields;
const OFFENDER = LAYOUT.wait_offender;
const OFFENDERS = (LAYOUT.wait_event.size - WAIT.offenders) / OFFENDER.size;
const WAITING = LAYOUT.waiting_sample.fields;
const KIND_SHIFT = 24;
const HIGH_MASK = 0xff_ffff;

/* These are rare, so each is an object of its own. */

/** Undefined when an offender is of a kind that we do not know. */
export function readLongWait(memory: Memory, start: number): LongWaitEvent | undefined {
  const parts: WaitPart[] = [];
  for (let place = 0; place < OFFENDERS; place++) {
    const offset = start + WAIT.offenders + place * OFFENDER.size;
    const ns = u64(memory, offset + OFFENDER.fields.ns);
    if (ns === 0) continue;
    const owner = readOwner(memory, offset + OFFENDER.fields.owner);
    if (owner === undefined) return undefined;
    parts.push({ owner, pid: u32(memory, offset + OFFENDER.fields.pid), ns });
  }
  return {
    kind: 'long-wait',
    ...waitOf(memory, start, WAIT),
    parts,
    restNs: u64(memory, start + WAIT.rest_ns),
  };
}

/** The same. */
export function readWaiting(memory: Memory, start: number): WaitingEvent | undefined {
  const owner = readOwner(memory, start + WAITING.owner);
  if (owner === undefined) return undefined;
  return {
    kind: 'waiting',
    ...waitOf(memory, start, WAITING),
    owner,
    ownerPid: u32(memory, start + WAITING.owner_pid),
  };
}

/** What the two records have alike, each where its layout says. */
function waitOf(memory: Memory, start: number, fields: typeof WAIT | typeof WAITING) {
  return {
    ...identityOf(memory, start),
    cgroupId: u64(memory, start + fields.cgroup_id),
    tid: u32(memory, start + fields.tid),
    cpu: u32(memory, start + fields.cpu),
    waitedNs: u64(memory, start + fields.waited_ns),
  };
}

/** `OWNER()` of bpf/blame.h. */
function readOwner(memory: Memory, offset: number): Owner | undefined {
  const high = u32(memory, offset + 4);
  const kind = OWNER_KINDS[high >>> KIND_SHIFT];
  return kind && { kind, id: u32(memory, offset) + (high & HIGH_MASK) * 0x1_0000_0000 };
}

function identityOf(memory: Memory, start: number) {
  const identity = { at: 0, pid: 0, startedNs: 0 };
  readIdentity(memory, start, identity);
  return identity;
}
