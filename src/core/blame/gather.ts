import { workloadName } from '../model/path/identify.ts';
import type { Basis, Cause, StallResource } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { NamedHolder } from './holders.ts';
import type { Pair } from './pair.ts';
import type { BlameQuery } from './report.ts';

/** An offender's part of one victim's wait, within a window. */
export interface Share {
  readonly offender: string;
  /** Undefined where the offender is none. */
  readonly workload: Workload | undefined;
  readonly cause: Cause;
  readonly basis: Basis;
  ns: number;
  /** The workloads that are the offender: containers, when it is a pod. */
  readonly members: Set<string>;
  /** Heaviest first. */
  holders: readonly NamedHolder[];
}

export interface Victim {
  readonly victim: Workload;
  readonly resource: StallResource;
  readonly shares: readonly Share[];
  readonly unseenNs: number;
}

interface Gathered extends Victim {
  readonly byKey: Map<string, Share>;
  unseenNs: number;
}

const UNSEEN: ReadonlySet<Cause> = new Set(['unobserved', 'truncated']);

/** Puts together the pairs that are one victim's, and of those the ones that are one offender's. */
export function gather(pairs: Iterable<Pair>, query: BlameQuery, at: Instant): Victim[] {
  const as = query.by === 'pod' ? podOf : (workload: Workload) => workload;
  const victims = new Map<string, Gathered>();

  for (const pair of pairs) {
    const victim = as(pair.victim);
    if (query.resource !== undefined && pair.resource !== query.resource) continue;
    if (query.victim !== undefined && victim.name !== query.victim) continue;
    const ns = pair.window.sum(at, query.windowMs);
    if (ns <= 0) continue;

    const key = `${pair.resource}\n${victim.name}`;
    const gathered = victims.get(key) ?? newVictim(victim, pair.resource);
    victims.set(key, gathered);
    if (UNSEEN.has(pair.cause)) gathered.unseenNs += ns;
    else addTo(gathered, pair, ns, as, pair.holders.list(at, query.windowMs));
  }
  return [...victims.values()].map(({ byKey, ...victim }) => ({ ...victim, shares: [...byKey.values()] }));
}

function addTo(
  { victim, byKey }: Gathered,
  { offender, offenderWorkload, cause, basis }: Pair,
  ns: number,
  as: (workload: Workload) => Workload,
  holders: readonly NamedHolder[],
): void {
  const workload = offenderWorkload && as(offenderWorkload);
  const name = workload?.name ?? offender;
  // Containers of one pod are neighbours; a pod is not its own.
  const seenAs = cause === 'neighbour' && name === victim.name ? 'self' : cause;
  const key = `${seenAs}\n${basis}\n${name}`;
  const share = byKey.get(key) ?? {
    offender: name,
    workload,
    cause: seenAs,
    basis,
    ns: 0,
    members: new Set<string>(),
    holders,
  };

  byKey.set(key, share);
  share.ns += ns;
  if (offenderWorkload !== undefined) share.members.add(offenderWorkload.name);
  if (share.holders !== holders) share.holders = together(share.holders, holders);
}

function together(one: readonly NamedHolder[], other: readonly NamedHolder[]): NamedHolder[] {
  const byPid = new Map(one.map((holder) => [holder.pid, holder]));
  for (const holder of other) byPid.set(holder.pid, { ...holder, ns: holder.ns + (byPid.get(holder.pid)?.ns ?? 0) });
  return [...byPid.values()].sort((first, second) => second.ns - first.ns);
}

function newVictim(victim: Workload, resource: StallResource): Gathered {
  return { victim, resource, shares: [], unseenNs: 0, byKey: new Map() };
}

/** What belongs to no pod stays what it is. */
function podOf(workload: Workload): Workload {
  const { podUid, pod, namespace } = workload;
  if (podUid === undefined) return workload;
  if (pod === undefined || namespace === undefined) return { kind: 'pod', name: `pod:${podUid}`, podUid };
  return { kind: 'pod', name: workloadName(`${namespace}/${pod}`), podUid, pod, namespace };
}
