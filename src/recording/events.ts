import type { Event, EventKind, EventOf, LifecycleCounts } from '../core/model/event.ts';
import type { PodLabel } from '../core/model/names.ts';
import { RESOURCES } from '../core/model/pressure.ts';
import { EXIT_REASONS, TASK_STATES, type Usage } from '../core/model/process.ts';
import { BASES, type Holder, OWNER_KINDS, type Owner, STALL_RESOURCES } from '../core/model/stall.ts';
import type { WaitPart } from '../core/model/wait.ts';
import { type Codec, flag, later, laterText, list, membersOf, number, object, oneOf, refuse, text } from './codec.ts';

/** argv may hold what nobody but its process should know: it is not recorded. */
type Recorded<Kind> = Omit<EventOf<Kind>, 'kind' | 'argv'>;

const moment = { at: number };
const identity = { ...moment, pid: number, startedNs: number };
const process = { ...identity, cgroupId: number };
const cgroup = { ...moment, cgroupId: number };
const counts = { forks: number, execs: number, exits: list(number) };
const owner = object<Owner>({ kind: oneOf(OWNER_KINDS), id: number });
const wait = { ...process, tid: number, cpu: number, waitedNs: number };
const usage = object<Usage>({
  runtimeNs: number,
  userNs: number,
  systemNs: number,
  readBytes: number,
  writeBytes: number,
  majorFaults: number,
});

/** What is recorded of each kind: a member that is missing here is a compile error. */
const EVENTS: { readonly [Kind in EventKind]: Codec<Recorded<Kind>> } = {
  fork: object({ ...process, parentPid: number, parentStartedNs: number, uid: number, comm: text }),
  exec: object({ ...process, uid: number, comm: text, exe: text }),
  exit: object({
    ...process,
    status: number,
    reason: oneOf(EXIT_REASONS),
    lifetimeNs: number,
    rssPeakBytes: number,
    used: usage,
    comm: text,
  }),
  reap: object({ ...process, used: usage }),
  storm: object({ ...process, scope: oneOf(['parent', 'cgroup']), forks: number, windowNs: number }),
  oom: object({
    ...process,
    uid: number,
    comm: text,
    oomScoreAdj: number,
    totalVmBytes: number,
    anonymousBytes: number,
    fileBytes: number,
    sharedBytes: number,
    pageTableBytes: number,
  }),
  'cgroup-made': object({ ...cgroup, path: text }),
  'cgroup-removed': object({ ...cgroup, path: text }),
  'cgroup-entered': object({ ...process, path: text }),
  'workload-named': object({
    ...moment,
    containerId: text,
    container: text,
    image: text,
    engine: laterText,
    podUid: text,
    pod: text,
    namespace: text,
    ownerKind: text,
    ownerName: text,
    labels: list(object<PodLabel>({ name: text, value: text })),
  }),
  'snapshot-begin': object(moment),
  'process-sample': object({
    ...process,
    parentPid: number,
    parentStartedNs: number,
    uid: number,
    comm: text,
    exe: text,
    isKernelThread: flag,
    state: oneOf(TASK_STATES),
    used: usage,
    leaderRuntimeNs: later,
    anonymousBytes: number,
    fileBytes: number,
    sharedBytes: number,
    swapBytes: number,
    rssPeakBytes: number,
    fds: number,
    fdLimit: number,
    threads: number,
    oomScoreAdj: number,
    pidNamespace: number,
    childrenUserNs: number,
    childrenSystemNs: number,
  }),
  'thread-sample': object({ ...identity, tid: number, state: oneOf(TASK_STATES), used: usage }),
  'idle-sample': object(identity),
  blocked: object({ ...identity, tid: number, blockedMs: number, site: text }),
  'snapshot-end': object(moment),
  'cgroup-counts': object({
    ...cgroup,
    ...counts,
    threads: number,
    oomKills: number,
    runDelayNs: number,
    longWaits: number,
    longWaitsUntold: number,
    lifetimeNs: number,
    lifetimes: list(number),
    lost: object<LifecycleCounts>(counts),
    lostUsage: usage,
  }),
  pressure: object({
    ...cgroup,
    resource: oneOf(RESOURCES),
    someSeconds: number,
    fullSeconds: number,
  }),
  'cgroup-limits': object({
    ...cgroup,
    cpuUsageSeconds: later,
    cpuQuotaCores: later,
    cpuWeight: number,
    throttledSeconds: number,
    periods: number,
    throttledPeriods: number,
    memoryBytes: later,
    anonymousBytes: later,
    memoryLimitBytes: number,
    memoryHighBytes: later,
    memoryHighEvents: later,
    memoryMaxEvents: later,
    memoryOomEvents: later,
    oomKills: number,
    pids: later,
    pidsMax: later,
    ioReadBytes: later,
    ioWrittenBytes: later,
  }),
  host: object({
    ...moment,
    taskStarts: number,
    tasks: later,
    tasksMax: later,
    filesOpen: later,
    filesMax: later,
    memoryTotalBytes: later,
    memoryAvailableBytes: later,
    swapFreeBytes: later,
  }),
  stall: object({
    ...moment,
    resource: oneOf(STALL_RESOURCES),
    basis: oneOf(BASES),
    victimId: number,
    owner,
    ns: number,
    holders: list(object<Holder>({ pid: number, ns: number })),
  }),
  switches: object({ ...moment, seen: number, missed: number }),
  'long-wait': object({
    ...wait,
    parts: list(object<WaitPart>({ owner, pid: number, ns: number })),
    restNs: number,
  }),
  waiting: object({ ...wait, owner, ownerPid: number }),
  'waiting-end': object(moment),
  tick: object(moment),
};

const NO_ARGV = new Uint8Array(0);
const LEADS = new Map(Object.keys(EVENTS).map((kind) => [kind, `{"kind":"${kind}",`]));

/** One line without its end. */
export function writeEvent(event: Event): string {
  return LEADS.get(event.kind)! + codecOf(event.kind).write(event).slice(1);
}

/** Throws an `Error` that says what was expected where. */
export function readEvent(json: unknown): Event {
  const { kind } = membersOf(json);
  if (typeof kind !== 'string' || !Object.hasOwn(EVENTS, kind)) refuse('an event of a known kind', kind);
  return { kind, ...codecOf(kind as EventKind).read(json), ...(kind === 'exec' && { argv: NO_ARGV }) } as Event;
}

function codecOf(kind: EventKind): Codec<object> {
  return EVENTS[kind] as Codec<object>;
}
