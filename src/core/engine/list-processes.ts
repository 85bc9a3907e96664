import type { Process, ProcessId } from '../model/process.ts';
import type { ProcessSort } from '../model/process-sort.ts';
import type { Instant } from '../model/units.ts';
import { Best } from './best.ts';
import type { Engine } from './engine.ts';
import { type ProcessRow, residentOf, rowOf } from './process-row.ts';
import { type StallBehind, stallBehind } from './stall-behind.ts';

export interface ProcessQuery {
  /** Of Kubernetes. */
  readonly namespace?: string | undefined;
  readonly workload?: string | undefined;
  readonly group?: string | undefined;
  readonly uid?: number | undefined;
  readonly sort: ProcessSort;
  readonly limit: number;
  /** Where an earlier answer ended. */
  readonly after?: ProcessPosition | undefined;
}

/** A place in the order. It stays one when its process is gone: whoever has less comes after it. */
export interface ProcessPosition extends ProcessId {
  readonly value: number;
}

export interface ProcessList {
  /** How many live, and how many of them were asked for. */
  readonly total: number;
  readonly matched: number;
  readonly processes: readonly ProcessRow[];
  /** Absent at the end. */
  readonly next?: ProcessPosition;
}

/** Living processes, the most first. */
export function listProcesses(engine: Engine, query: ProcessQuery, at: Instant): ProcessList {
  const { live } = engine.tree;
  const { limit, after } = query;
  const stall = stallBehind(engine, at);
  const sortValue = valueBy(query.sort, engine, stall, at);
  const best = new Best<Placed>(limit + 1, inOrder);
  let matched = 0;

  for (const process of live) {
    if (!isAskedFor(engine, process, query)) continue;
    matched++;
    const { pid, startedNs } = process;
    const placed = { value: sortValue(process), pid, startedNs, process };
    if (after === undefined || inOrder(placed, after) > 0) best.add(placed);
  }

  const shown = best.items.slice(0, limit);
  const last = shown.at(-1);
  const processes = shown.map(({ process }) => rowOf(engine, process, stall, at));
  if (last === undefined || best.items.length <= limit) return { total: live.length, matched, processes };
  const { value, pid, startedNs } = last;
  return { total: live.length, matched, processes, next: { value, pid, startedNs } };
}

interface Placed extends ProcessPosition {
  readonly process: Process;
}

/** What is not known comes last; equals by identity, so that a page ends where the next begins. */
function inOrder(one: ProcessPosition, other: ProcessPosition): number {
  const isKnown = Number(!Number.isNaN(other.value)) - Number(!Number.isNaN(one.value));
  return isKnown || other.value - one.value || one.pid - other.pid || one.startedNs - other.startedNs;
}

function isAskedFor({ accounts }: Engine, process: Process, query: ProcessQuery): boolean {
  const { namespace, workload, group, uid } = query;
  if (uid !== undefined && process.uid !== uid) return false;
  if (group !== undefined && accounts.groupOf(process) !== group) return false;
  if (workload === undefined && namespace === undefined) return true;

  const lives = accounts.workloadOf(process);
  if (workload !== undefined && lives?.name !== workload) return false;
  return namespace === undefined || lives?.namespace === namespace;
}

function valueBy(sort: ProcessSort, { accounts }: Engine, stall: StallBehind, at: Instant): (of: Process) => number {
  switch (sort) {
    case 'cpu':
      return (process) => accounts.rates.of(process, at).cpuRatio;
    case 'rss':
      return residentOf;
    case 'forks':
      return (process) => accounts.rates.of(process, at).forksPerSecond;
    case 'stall':
      return stall;
    default:
      return sort satisfies never;
  }
}
