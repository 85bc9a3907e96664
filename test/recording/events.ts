import type { Event, EventKind } from '../../src/core/model/event.ts';
import { exec, exit, fork, hostTold, limits, NO_USAGE, reap, sample } from '../core/support/events.ts';

const OF = { at: 1.5, pid: 7, startedNs: 2 ** 53 - 1, cgroupId: 100 };
const WAIT = { ...OF, tid: 8, cpu: 1, waitedNs: 6e7 };

/** One of each kind; what can be unknown or without a limit is, somewhere. */
export const EVENTS: { readonly [Kind in EventKind]: Event } = {
  fork: fork(7, 1, { comm: 'ki"ll\n\\ \u{1f480}\0' }),
  exec: exec(7, 'NaN', { argv: Buffer.from('curl\0-u\0me:hunter2\0') }),
  exit: exit(7, { reason: 'oom', status: 9 }),
  reap: reap(7, { used: { ...NO_USAGE, runtimeNs: 5e6 } }),
  storm: { kind: 'storm', ...OF, scope: 'cgroup', forks: 64, windowNs: 1e9 },
  oom: {
    kind: 'oom',
    ...OF,
    uid: 1000,
    comm: 'java',
    oomScoreAdj: -5,
    totalVmBytes: 1e10,
    anonymousBytes: 1e9,
    fileBytes: 3,
    sharedBytes: 4,
    pageTableBytes: 5,
  },
  'cgroup-made': { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/système.slice/web.service' },
  'cgroup-removed': { kind: 'cgroup-removed', at: 0, cgroupId: 100, path: '' },
  'cgroup-entered': { kind: 'cgroup-entered', ...OF, path: '/a' },
  'snapshot-begin': { kind: 'snapshot-begin', at: 2 },
  'process-sample': sample(7, { fds: Number.NaN, fdLimit: Number.POSITIVE_INFINITY, isKernelThread: true }),
  'thread-sample': { kind: 'thread-sample', at: 2, pid: 7, startedNs: 7, tid: 8, state: 'stopped', used: NO_USAGE },
  'idle-sample': { kind: 'idle-sample', at: 2, pid: 7, startedNs: 7 },
  blocked: { kind: 'blocked', at: 4, pid: 2, startedNs: 1, tid: 3, blockedMs: 5_001.5, site: 'folio_wait_bit_common' },
  'snapshot-end': { kind: 'snapshot-end', at: 3 },
  'cgroup-counts': {
    kind: 'cgroup-counts',
    at: 3,
    cgroupId: 100,
    forks: 1,
    execs: 2,
    exits: [3, 4, 5, 6],
    threads: 7,
    oomKills: 8,
    runDelayNs: 9,
    longWaits: Number.NaN,
    longWaitsUntold: Number.NaN,
    lifetimeNs: 10,
    lifetimes: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    lost: { forks: 1, execs: 2, exits: [3, 4, 5, 6] },
    lostUsage: NO_USAGE,
  },
  'workload-named': {
    kind: 'workload-named',
    at: 3,
    containerId: 'f0'.repeat(32),
    container: 'api',
    image: 'registry.example/api:1',
    engine: 'containerd',
    podUid: '8e1f0c2a-1111-4222-8333-0123456789ab',
    pod: 'api-0',
    namespace: 'payments',
    ownerKind: 'StatefulSet',
    ownerName: 'api',
    labels: [{ name: 'team', value: 'a "b"' }],
  },
  pressure: { kind: 'pressure', at: 3, cgroupId: 0, resource: 'irq', someSeconds: Number.NaN, fullSeconds: 0.25 },
  'cgroup-limits': limits(100, { at: 3, throttledSeconds: 0.1, periods: 2, oomKills: 0, pids: 3, memoryBytes: 4096 }),
  host: hostTold({ at: 3, taskStarts: 1234, filesOpen: 864 }),
  stall: {
    kind: 'stall',
    at: 3,
    resource: 'memory',
    basis: 'inferred',
    victimId: 100,
    owner: { kind: 'cgroup', id: 2 ** 46 },
    ns: 5e6,
    holders: [{ pid: 7, ns: 4e6 }],
  },
  switches: { kind: 'switches', at: 3, seen: 5, missed: 0 },
  'long-wait': {
    kind: 'long-wait',
    ...WAIT,
    parts: [{ owner: { kind: 'irq', id: 0 }, pid: 0, ns: 5e7 }],
    restNs: 1e7,
  },
  waiting: { kind: 'waiting', ...WAIT, owner: { kind: 'throttle', id: 100 }, ownerPid: 3 },
  'waiting-end': { kind: 'waiting-end', at: 4 },
  tick: { kind: 'tick', at: 4.25 },
};

/** As it comes back: without its argv. */
export function bare(event: Event): Event {
  return event.kind === 'exec' ? { ...event, argv: new Uint8Array(0) } : event;
}
