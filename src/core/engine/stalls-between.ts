import type { Instant } from '../model/units.ts';
import type { Engine } from './engine.ts';

/** Task-seconds per second, by name of workload; NaN where nobody looks. */
export interface StallsBetween {
  causedBy(workload: string): number;
  sufferedBy(workload: string): number;
}

/** Who of the workloads makes others wait, and who waits for others, in this window. */
export function stallsBetween({ blame }: Engine, at: Instant, windowMs: number): StallsBetween {
  if (Number.isNaN(blame.coverage(at, windowMs))) return { causedBy: () => Number.NaN, sufferedBy: () => Number.NaN };

  const caused = new Map<string, number>();
  const suffered = new Map<string, number>();
  for (const { victim, offender, cause, window } of blame.pairs()) {
    if (cause !== 'neighbour') continue;
    const ns = window.sum(at, windowMs);
    caused.set(offender, (caused.get(offender) ?? 0) + ns);
    suffered.set(victim.name, (suffered.get(victim.name) ?? 0) + ns);
  }
  const coveredMs = blame.coveredMs(at, windowMs);
  const ratioIn = (sums: ReadonlyMap<string, number>) => (name: string) => (sums.get(name) ?? 0) / 1e6 / coveredMs;
  return { causedBy: ratioIn(caused), sufferedBy: ratioIn(suffered) };
}
