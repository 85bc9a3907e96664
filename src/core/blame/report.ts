import type { Basis, Cause, Holder, StallResource } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { Matrix } from './matrix.ts';
import type { Pair } from './pair.ts';
import { triage, type Verdict } from './triage.ts';
import { WINDOW_MS_MAX } from './window.ts';

export interface BlameQuery {
  /** At most a minute. */
  readonly windowMs: number;
  readonly victim?: string | undefined;
  readonly offender?: string | undefined;
  readonly resource?: StallResource | undefined;
}

/** One offender's part of a victim's wait. */
export interface BlamePart {
  readonly offender: string;
  readonly cause: Cause;
  readonly basis: Basis;
  /** Task-seconds within the window. */
  readonly seconds: number;
  /** Of the victim's wait for the resource, all causes included. */
  readonly share: number;
  readonly holders: readonly Holder[];
}

/** What one victim waited for one resource. */
export interface VictimReport {
  readonly victim: Workload;
  readonly resource: StallResource;
  /** Task-seconds within the window: two tasks that wait for a second make two. */
  readonly seconds: number;
  readonly verdict: Verdict;
  /** Heaviest first, what nobody saw aside. They need not add up to the whole. */
  readonly parts: readonly BlamePart[];
  /** What could not be seen, or went beyond what is remembered: the rest of the whole. */
  readonly remainder: { readonly seconds: number; readonly share: number };
}

const NS_PER_SECOND = 1e9;
const UNSEEN: ReadonlySet<Cause> = new Set(['unobserved', 'truncated']);

/** The matrix over the last while, victims who waited longest first. A filter by offender leaves each victim's whole as it is. */
export function report(matrix: Matrix, query: BlameQuery, at: Instant): VictimReport[] {
  const windowMs = Math.min(query.windowMs, WINDOW_MS_MAX);
  const victims = new Map<string, [Pair, number][]>();

  for (const pair of matrix.pairs()) {
    if (query.resource !== undefined && pair.resource !== query.resource) continue;
    if (query.victim !== undefined && pair.victim.name !== query.victim) continue;
    const ns = pair.window.sum(at, windowMs);
    if (ns <= 0) continue;
    const key = `${pair.resource} ${pair.victim.name}`;
    victims.set(key, [...(victims.get(key) ?? []), [pair, ns]]);
  }
  return [...victims.values()]
    .map((pairs) => reportOf(pairs, windowMs, at))
    .map((victim) => (query.offender === undefined ? victim : onlyOf(victim, query.offender)))
    .filter(({ parts }) => query.offender === undefined || parts.length > 0)
    .sort((one, other) => other.seconds - one.seconds);
}

function reportOf(pairs: readonly [Pair, number][], windowMs: number, at: Instant): VictimReport {
  const whole = pairs.reduce((sum, [, ns]) => sum + ns, 0);
  const [{ victim, resource }] = pairs[0]!;
  const seen = pairs.filter(([{ cause }]) => !UNSEEN.has(cause));
  const unseen = whole - seen.reduce((sum, [, ns]) => sum + ns, 0);
  const byCause: Partial<Record<Cause, number>> = {};
  for (const [{ cause }, ns] of seen) byCause[cause] = (byCause[cause] ?? 0) + ns;

  return {
    victim,
    resource,
    seconds: whole / NS_PER_SECOND,
    verdict: triage({ whole, byCause }),
    parts: seen
      .toSorted(([, one], [, other]) => other - one)
      .map(([{ offender, cause, basis, holders }, ns]) => ({
        offender,
        cause,
        basis,
        seconds: ns / NS_PER_SECOND,
        share: ns / whole,
        holders: holders.list(at, windowMs),
      })),
    remainder: { seconds: unseen / NS_PER_SECOND, share: unseen / whole },
  };
}

function onlyOf(victim: VictimReport, offender: string): VictimReport {
  return { ...victim, parts: victim.parts.filter((part) => part.offender === offender) };
}
