import { type Contender, type Excess, excess } from '../blame/excess.ts';
import { type BlameQuery, type LongestWait, report, type VictimReport } from '../blame/report.ts';
import type { Waits } from '../blame/waits.ts';
import type { Cause } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import type { Engine } from './engine.ts';

export interface BlameAnswer {
  /** Seconds: as asked, and how much of it was watched. Sums are over the latter. */
  readonly window: { readonly asked: number; readonly covered: number };
  /** Of the context switches within the window, how many were seen; NaN when none was. */
  readonly coverage: number;
  readonly victims: readonly VictimReport[];
}

/** A task that these kept waiting would have run if the CPU had been free. */
const CONTEST: ReadonlySet<Cause> = new Set(['neighbour', 'self', 'kernel', 'irq']);

/** Who made whom wait, over the last while. */
export function whoStallsWhom(engine: Engine, query: BlameQuery, at: Instant): BlameAnswer {
  const { blame, waits } = engine;
  const { windowMs } = query;
  let fair: Map<string, Excess> | undefined;

  return {
    window: { asked: windowMs / 1000, covered: blame.coveredMs(at, windowMs) / 1000 },
    coverage: blame.coverage(at, windowMs),
    victims: report(blame, query, at, (workload) => {
      fair ??= excess(contenders(engine, windowMs, at));
      return fair.get(workload);
    }).map((victim) => withLongest(victim, waits, at)),
  };
}

function withLongest(report: VictimReport, waits: Waits, at: Instant): VictimReport {
  const { victim, resource } = report;
  if (resource !== 'cpu') return report;

  const open = waits.openWaits(victim.name, at).map(({ pid, name, seconds, behind }): LongestWait => {
    return { pid, name, seconds, isOver: false, behind: behind.offender };
  });
  const over = waits.longestWaits(victim.name, at).map(({ pid, name, seconds, parts }): LongestWait => {
    return { pid, name, seconds, isOver: true, behind: parts[0]?.offender ?? '' };
  });
  const longest = [...open, ...over].sort((one, other) => other.seconds - one.seconds);
  return longest.length === 0 ? report : { ...report, longest };
}

function contenders({ accounts, blame, cpuUse }: Engine, windowMs: number, at: Instant): Contender[] {
  const lines = accounts.cpuLines();
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
