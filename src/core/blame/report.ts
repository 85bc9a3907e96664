import type { Basis, Cause, StallResource } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { type Confidence, confidence } from './confidence.ts';
import type { Excess } from './excess.ts';
import { gather, type Share, type Victim } from './gather.ts';
import type { HolderNames } from './holders.ts';
import type { Matrix } from './matrix.ts';
import { littleOf, triage, type Verdict } from './triage.ts';

export interface BlameQuery {
  /** At most a minute. */
  readonly windowMs: number;
  readonly victim?: string | undefined;
  readonly offender?: string | undefined;
  readonly resource?: StallResource | undefined;
  /** `pod`: containers of one Kubernetes pod are one victim, and one offender. */
  readonly by?: 'workload' | 'pod' | undefined;
}

/** One of an offender's processes. */
export interface HeavyProcess extends HolderNames {
  readonly pid: number;
  readonly seconds: number;
  /** Of the offender's part. */
  readonly share: number;
}

/** One offender's part of a victim's wait. */
export interface BlamePart {
  readonly offender: string;
  readonly workload?: Workload;
  readonly cause: Cause;
  readonly basis: Basis;
  /** Task-seconds within the window. */
  readonly seconds: number;
  /** Of the victim's wait for the resource, all causes included. */
  readonly share: number;
  /** Of the CPU that the offender used within the window, what went above its fair share; NaN where that is not known. */
  readonly excessShare: number;
  /** Heaviest first; the kernel names three of a pair at a time, so they need not add up to the part. */
  readonly processes: readonly HeavyProcess[];
}

/** A single wait that was long. */
export interface LongestWait {
  readonly pid: number;
  /** What its process is called; empty where that is not known. */
  readonly name: string;
  readonly seconds: number;
  /** False while it still goes on. */
  readonly isOver: boolean;
  /** Who held the CPU for most of it; of one that goes on, who holds it now. Empty where nobody does. */
  readonly behind: string;
}

/** What one victim waited for one resource. */
export interface VictimReport {
  readonly victim: Workload;
  readonly resource: StallResource;
  /** Task-seconds within the window: two tasks that wait for a second make two. */
  readonly seconds: number;
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  /** Heaviest first, what nobody saw aside. With the remainder they add up to the whole. */
  readonly parts: readonly BlamePart[];
  /** What could not be seen, or went beyond what is remembered. */
  readonly remainder: { readonly seconds: number; readonly share: number };
  /** Of more than 50 ms, within the last minute, longest first; absent where there is none, and for all but the CPU. */
  readonly longest?: readonly LongestWait[];
}

/** What is known of a workload's CPU use; undefined where its fair share is not. */
export type ExcessOf = (workload: string) => Excess | undefined;

const NS_PER_SECOND = 1e9;

/** The matrix over the last while, victims who waited longest first. A filter by offender leaves each victim's whole as it is. */
export function report(matrix: Matrix, query: BlameQuery, at: Instant, excessOf: ExcessOf): VictimReport[] {
  const littleNs = littleOf(matrix.coveredMs(at, query.windowMs)) * 1e6;

  return gather(matrix.pairs(), query, at)
    .map((victim) => reportOf(victim, littleNs, excessOf))
    .map((victim) => (query.offender === undefined ? victim : onlyOf(victim, query.offender)))
    .filter(({ parts }) => query.offender === undefined || parts.length > 0)
    .sort((one, other) => other.seconds - one.seconds);
}

function reportOf({ victim, resource, shares, unseenNs }: Victim, little: number, excessOf: ExcessOf): VictimReport {
  const byCause: Partial<Record<Cause, number>> = {};
  for (const { cause, ns } of shares) byCause[cause] = (byCause[cause] ?? 0) + ns;
  const whole = shares.reduce((sum, { ns }) => sum + ns, unseenNs);
  const named = shares.filter(({ cause, members }) => cause === 'neighbour' && members.size > 0);
  const largestNeighbour = Math.max(0, ...byOffender(named).values());
  const isInferred = shares.some(({ basis }) => basis === 'inferred');

  return {
    victim,
    resource,
    seconds: whole / NS_PER_SECOND,
    verdict: triage({ whole, byCause, largestNeighbour, little }),
    confidence: confidence(unseenNs / whole, isInferred),
    parts: shares.toSorted((one, other) => other.ns - one.ns).map((share) => partOf(share, whole, excessOf)),
    remainder: { seconds: unseenNs / NS_PER_SECOND, share: unseenNs / whole },
  };
}

function partOf(
  { offender, workload, cause, basis, ns, members, holders }: Share,
  whole: number,
  excessOf: ExcessOf,
): BlamePart {
  return {
    offender,
    ...(workload !== undefined && { workload }),
    cause,
    basis,
    seconds: ns / NS_PER_SECOND,
    share: ns / whole,
    excessShare: cause === 'neighbour' ? excessShareOf(members, excessOf) : Number.NaN,
    processes: holders.map(({ pid, comm, exe, ns: held }) => ({
      pid,
      comm,
      exe,
      seconds: held / NS_PER_SECOND,
      // The kernel's map may tell of it a second after it told of the sum.
      share: Math.min(1, held / ns),
    })),
  };
}

/** The same neighbour may have been measured, and inferred. */
function byOffender(shares: readonly Share[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { offender, ns } of shares) sums.set(offender, (sums.get(offender) ?? 0) + ns);
  return sums;
}

/** Of all workloads that make up the offender; not known when one of them is not. */
function excessShareOf(members: ReadonlySet<string>, excessOf: ExcessOf): number {
  let used = 0;
  let above = 0;
  for (const name of members) {
    const excess = excessOf(name);
    used += excess?.used ?? Number.NaN;
    above += excess?.above ?? Number.NaN;
  }
  return above / used;
}

function onlyOf(victim: VictimReport, offender: string): VictimReport {
  return { ...victim, parts: victim.parts.filter((part) => part.offender === offender) };
}
