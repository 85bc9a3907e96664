import { coveredMs } from '../blame/window.ts';
import type { Process } from '../model/process.ts';
import type { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';
import type { Workload, WorkloadKind } from '../model/workload.ts';
import type { WorkloadSort } from '../model/workload-sort.ts';
import { Best } from './best.ts';
import type { Engine } from './engine.ts';
import { residentOf } from './process-row.ts';
import { stallsBetween } from './stalls-between.ts';

export interface WorkloadQuery {
  readonly kind?: WorkloadKind | undefined;
  /** Of Kubernetes. */
  readonly namespace?: string | undefined;
  readonly sort: WorkloadSort;
  readonly limit: number;
  /** Where an earlier answer ended. */
  readonly after?: WorkloadPosition | undefined;
}

/** A place in the order. It stays one when its workload is gone. */
export interface WorkloadPosition {
  readonly value: number;
  readonly name: string;
}

/** NaN is not known. */
export interface WorkloadRow {
  readonly workload: Workload;
  readonly processes: number;
  /** CPU seconds per second over the last ten seconds, of those that have ended too. */
  readonly cpuRatio: number;
  /** As its cgroup counts it, caches included. */
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  /** Of its processes together: what they share counts for each. */
  readonly residentBytes: number;
  readonly pids: number;
  readonly pidsLimit: number;
  /** Of the periods of its CPU quota in which it ran, those in which it was held back. */
  readonly throttledRatio: number;
  /** Task-seconds per second that others wait behind it, and it behind others. */
  readonly stallCausedRatio: number;
  readonly stallSufferedRatio: number;
}

export interface WorkloadList {
  readonly total: number;
  readonly matched: number;
  readonly workloads: readonly WorkloadRow[];
  /** Absent at the end. */
  readonly next?: WorkloadPosition;
}

export const WINDOW_MS = 10_000;

/** Workloads in which something lives, the most first. */
export function listWorkloads(engine: Engine, query: WorkloadQuery, at: Instant): WorkloadList {
  const { kind, namespace, sort, limit, after } = query;
  const living = livingIn(engine);
  const rowOf = describer(engine, at);
  const best = new Best<Placed>(limit + 1, inOrder);
  let matched = 0;

  for (const one of living.values()) {
    if (kind !== undefined && one.workload.kind !== kind) continue;
    if (namespace !== undefined && one.workload.namespace !== namespace) continue;
    matched++;
    const row = rowOf(one);
    const placed = { value: valueBy(sort, row), name: one.workload.name, row };
    if (after === undefined || inOrder(placed, after) > 0) best.add(placed);
  }

  const shown = best.items.slice(0, limit);
  const last = shown.at(-1);
  const list = { total: living.size, matched, workloads: shown.map(({ row }) => row) };
  if (last === undefined || best.items.length <= limit) return list;
  return { ...list, next: { value: last.value, name: last.name } };
}

interface Placed extends WorkloadPosition {
  readonly row: WorkloadRow;
}

interface Living {
  readonly workload: Workload;
  processes: number;
  residentBytes: number;
}

function livingIn({ tree, accounts }: Engine): Map<string, Living> {
  const found = new Map<string, Living>();
  for (const process of tree.live) {
    const workload = accounts.workloadOf(process);
    if (workload === undefined) continue;
    const one = found.get(workload.name) ?? { workload, processes: 0, residentBytes: 0 };
    one.processes++;
    one.residentBytes += knownResident(process);
    found.set(workload.name, one);
  }
  return found;
}

/** Of who was just born nobody has told yet. */
function knownResident(process: Process): number {
  const bytes = residentOf(process);
  return Number.isNaN(bytes) ? 0 : bytes;
}

function describer(engine: Engine, at: Instant): (one: Living) => WorkloadRow {
  const { workloads: sheet } = engine.accounts;
  const { recently } = engine;
  const slots = new Map(Array.from(sheet.live.subarray(0, sheet.size), (slot) => [sheet.labels[slot]![0]!, slot]));
  const stalls = stallsBetween(engine, at, WINDOW_MS);
  const cell = reader(sheet);
  const periods = sheet.column('cpu_periods');
  const throttled = sheet.column('throttled_periods');

  return ({ workload, processes, residentBytes }) => {
    const { name } = workload;
    const slot = slots.get(name) ?? -1;
    return {
      workload,
      processes,
      residentBytes,
      cpuRatio: engine.cpuUse.sum(name, at, WINDOW_MS) / 1e6 / coveredMs(at, WINDOW_MS),
      memoryBytes: cell(slot, 'memory_usage_bytes'),
      memoryLimitBytes: cell(slot, 'memory_limit_bytes'),
      pids: cell(slot, 'pids'),
      pidsLimit: cell(slot, 'pids_limit'),
      throttledRatio: share(recently.workloads.growth(slot, throttled), recently.workloads.growth(slot, periods)),
      stallCausedRatio: stalls.causedBy(name),
      stallSufferedRatio: stalls.sufferedBy(name),
    };
  };
}

function reader(sheet: Sheet): (slot: number, name: string) => number {
  return (slot, name) => (slot < 0 ? Number.NaN : sheet.get(slot, sheet.column(name)));
}

/** Where there was no period nothing was held back. */
function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** What is not known comes last; equals by name, so that a page ends where the next begins. */
function inOrder(one: WorkloadPosition, other: WorkloadPosition): number {
  const isKnown = Number(!Number.isNaN(other.value)) - Number(!Number.isNaN(one.value));
  return isKnown || other.value - one.value || (one.name < other.name ? -1 : Number(one.name > other.name));
}

function valueBy(sort: WorkloadSort, row: WorkloadRow): number {
  switch (sort) {
    case 'cpu':
      return row.cpuRatio;
    case 'memory':
      return Number.isNaN(row.memoryBytes) ? row.residentBytes : row.memoryBytes;
    case 'stall':
      return row.stallCausedRatio;
    case 'wait':
      return row.stallSufferedRatio;
    case 'throttled':
      return row.throttledRatio;
    case 'processes':
      return row.processes;
    case 'pids':
      return Number.isNaN(row.pids) ? row.processes : row.pids;
    default:
      return sort satisfies never;
  }
}
