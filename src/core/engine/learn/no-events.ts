import type { EventKind } from '../../model/event.ts';

/** A count for each kind there is. */
export function noEvents(): Record<EventKind, number> {
  return {
    fork: 0,
    exec: 0,
    exit: 0,
    reap: 0,
    storm: 0,
    oom: 0,
    'cgroup-made': 0,
    'cgroup-removed': 0,
    'cgroup-entered': 0,
    'workload-named': 0,
    'snapshot-begin': 0,
    'process-sample': 0,
    'thread-sample': 0,
    'idle-sample': 0,
    blocked: 0,
    'snapshot-end': 0,
    'cgroup-counts': 0,
    pressure: 0,
    'cgroup-limits': 0,
    host: 0,
    stall: 0,
    switches: 0,
    'long-wait': 0,
    waiting: 0,
    'waiting-end': 0,
    tick: 0,
  };
}
