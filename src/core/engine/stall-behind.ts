import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Engine } from './engine.ts';

const WINDOW_MS = 10_000;

/** Task-seconds per second that other workloads wait behind a process; NaN where nobody looks. */
export type StallBehind = (process: Process) => number;

/** Over the last ten seconds. The kernel names the heaviest of each pair of workloads; who is not among them has 0. */
export function stallBehind({ blame, tree }: Engine, at: Instant): StallBehind {
  if (Number.isNaN(blame.coverage(at, WINDOW_MS))) return () => Number.NaN;

  const bySlot = new Map<number, number>();
  for (const { cause, window, holders } of blame.pairs()) {
    if (cause !== 'neighbour' || window.sum(at, WINDOW_MS) === 0) continue;
    for (const holder of holders.identified(at, WINDOW_MS)) {
      const process = tree.find(holder);
      if (process !== undefined) bySlot.set(process.slot, (bySlot.get(process.slot) ?? 0) + holder.ns);
    }
  }
  const coveredMs = blame.coveredMs(at, WINDOW_MS);
  return ({ slot }) => (bySlot.get(slot) ?? 0) / 1e6 / coveredMs;
}
