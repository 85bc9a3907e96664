import type { Cause } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import type { Rank } from '../model/workload.ts';
import type { CpuUse } from './cpu-use.ts';
import type { Contender } from './excess.ts';
import type { Matrix } from './matrix.ts';

/** A task that these kept waiting would have run if the CPU had been free. */
const CONTEST: ReadonlySet<Cause> = new Set(['neighbour', 'self', 'kernel', 'irq']);

interface Contest {
  readonly blame: Matrix;
  readonly cpuUse: CpuUse;
  /** By name of workload; see `Accounts.cpuLines`. */
  readonly lines: ReadonlyMap<string, readonly Rank[]>;
}

/** Who wanted the CPU over the last while, and what came of it, in nanoseconds. */
export function contenders({ blame, cpuUse, lines }: Contest, at: Instant, windowMs: number): Contender[] {
  const waited = new Map<string, number>();
  for (const { victim, resource, cause, window } of blame.pairs()) {
    if (resource !== 'cpu' || !CONTEST.has(cause)) continue;
    waited.set(victim.name, (waited.get(victim.name) ?? 0) + window.sum(at, windowMs));
  }

  return [...new Set([...cpuUse.names(), ...waited.keys()])].map((name) => ({
    name,
    used: cpuUse.sum(name, at, windowMs),
    waited: waited.get(name) ?? 0,
    line: lines.get(name) ?? [],
  }));
}
