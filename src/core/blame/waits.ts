import type { Cause, Owner } from '../model/stall.ts';
import type { CgroupId, Instant, StartedNs } from '../model/units.ts';
import type { LongWaitEvent, WaitingEvent } from '../model/wait.ts';
import type { Workload } from '../model/workload.ts';
import { keyOf } from './key.ts';
import { Longest, longestFirst } from './longest.ts';

export interface WaitsOptions {
  readonly workloadOf: (id: CgroupId, at: Instant) => Workload;
  /** What a process is called, empty where that is not known; without its start, the one that has the pid now. */
  readonly nameOf: (pid: number, startedNs?: StartedNs) => string;
  /** Cgroups whose waits are remembered. */
  readonly victimsMax?: number;
}

/** Who held the CPU for a part of a wait. */
export interface NamedPart {
  readonly offender: string;
  readonly cause: Cause;
  /** The offender's process that held it longest; 0 and empty where there is none, or it is not known any more. */
  readonly pid: number;
  readonly name: string;
  readonly seconds: number;
  /** Of the wait. */
  readonly share: number;
}

interface NamedWait {
  /** When it ended, or was looked at. */
  readonly at: Instant;
  readonly pid: number;
  readonly startedNs: StartedNs;
  readonly tid: number;
  readonly name: string;
  readonly cpu: number;
  readonly seconds: number;
}

export interface LongWait extends NamedWait {
  /** Largest first; the remainder is of further offenders. */
  readonly parts: readonly NamedPart[];
  readonly remainder: { readonly seconds: number; readonly share: number };
}

export interface OpenWait extends NamedWait {
  /** Who had the CPU at that moment, or what forbade its use. */
  readonly behind: Pick<NamedPart, 'offender' | 'cause' | 'pid' | 'name'>;
}

/** An event, with the names that processes had then: most will not live long enough to be asked. */
interface Kept<Wait> {
  readonly at: Instant;
  readonly waitedNs: number;
  readonly wait: Wait;
  readonly name: string;
  readonly names: readonly string[];
}

interface Victim {
  readonly longest: Longest<Kept<LongWaitEvent>>;
  open: Kept<WaitingEvent>[];
  /** Found by the look that is under way. */
  found: Kept<WaitingEvent>[];
  changedAt: Instant;
}

const NS_PER_SECOND = 1e9;
const TOLD = 5;
const OPEN_MAX = 8;

/** Single waits for a CPU that were long, over or not, by victim. */
export class Waits {
  /** Victims that had to be forgotten for want of room. */
  forgotten = 0;
  readonly #options: Required<WaitsOptions>;
  readonly #victims = new Map<CgroupId, Victim>();

  constructor(options: WaitsOptions) {
    this.#options = { victimsMax: 256, ...options };
  }

  /** Of the last minute, longest first, five at most. */
  longestWaits(victim: string, at: Instant): LongWait[] {
    return this.#of(victim, at)
      .flatMap(({ longest }) => longest.list(at))
      .sort(longestFirst)
      .slice(0, TOLD)
      .map((kept) => this.#toLongWait(kept, at));
  }

  /** As the last look saw them, longest first, eight at most of each of its cgroups. */
  openWaits(victim: string, at: Instant): OpenWait[] {
    return this.#of(victim, at)
      .flatMap(({ open }) => open)
      .sort(longestFirst)
      .map((kept) => this.#toOpenWait(kept, at));
  }

  /** The longest wait that ended in the last minute or goes on, in seconds, of each cgroup that has one. */
  *longest(at: Instant): Iterable<readonly [cgroupId: CgroupId, seconds: number]> {
    for (const [cgroupId, { longest, open }] of this.#victims) {
      const ns = Math.max(longest.longestNs(at), open[0]?.waitedNs ?? 0);
      if (ns > 0) yield [cgroupId, ns / NS_PER_SECOND];
    }
  }

  observe(wait: LongWaitEvent): void {
    this.#victim(wait.cgroupId, wait.at).longest.add(this.#keep(wait));
  }

  /** One wait, by the names of now. */
  describe(wait: LongWaitEvent): LongWait {
    return this.#toLongWait(this.#keep(wait), wait.at);
  }

  observeOpen(wait: WaitingEvent): void {
    const { at, cgroupId, waitedNs, ownerPid } = wait;
    const names = [ownerPid === 0 ? '' : this.#options.nameOf(ownerPid)];
    const victim = this.#victim(cgroupId, at);
    victim.found.push({ at, waitedNs, wait, name: this.#nameOf(wait), names });
    if (victim.found.length > 2 * OPEN_MAX) victim.found = victim.found.sort(longestFirst).slice(0, OPEN_MAX);
  }

  /** What this look did not find is over. */
  endLook(): void {
    for (const victim of this.#victims.values()) {
      victim.open = victim.found.sort(longestFirst).slice(0, OPEN_MAX);
      victim.found = [];
    }
  }

  /** Forgets whose waits are long over. */
  sweep(at: Instant): void {
    for (const [cgroupId, { longest, open }] of this.#victims)
      if (open.length === 0 && longest.longestNs(at) === 0) this.#victims.delete(cgroupId);
  }

  #of(victim: string, at: Instant): Victim[] {
    return [...this.#victims]
      .filter(([cgroupId]) => this.#options.workloadOf(cgroupId, at).name === victim)
      .map(([, each]) => each);
  }

  #victim(cgroupId: CgroupId, at: Instant): Victim {
    let victim = this.#victims.get(cgroupId);
    if (victim === undefined) {
      if (this.#victims.size >= this.#options.victimsMax) this.#forgetQuietest();
      victim = { longest: new Longest(), open: [], found: [], changedAt: at };
      this.#victims.set(cgroupId, victim);
    }
    victim.changedAt = at;
    return victim;
  }

  #forgetQuietest(): void {
    const [quietest] = [...this.#victims].sort(([, one], [, other]) => one.changedAt - other.changedAt);
    if (quietest === undefined) return;
    this.#victims.delete(quietest[0]);
    this.forgotten++;
  }

  #keep(wait: LongWaitEvent): Kept<LongWaitEvent> {
    const { at, waitedNs, parts } = wait;
    const names = parts.map(({ pid }) => (pid === 0 ? '' : this.#options.nameOf(pid)));
    return { at, waitedNs, wait, name: this.#nameOf(wait), names };
  }

  #nameOf({ pid, startedNs }: LongWaitEvent | WaitingEvent): string {
    return this.#options.nameOf(pid, startedNs);
  }

  #toLongWait(kept: Kept<LongWaitEvent>, at: Instant): LongWait {
    const { cgroupId, parts, waitedNs, restNs } = kept.wait;
    return {
      ...named(kept),
      parts: parts.map(({ owner, pid, ns }, index) => ({
        ...this.#offender(owner, cgroupId, at),
        pid,
        name: kept.names[index] ?? '',
        seconds: ns / NS_PER_SECOND,
        share: ns / waitedNs,
      })),
      remainder: { seconds: restNs / NS_PER_SECOND, share: restNs / waitedNs },
    };
  }

  #toOpenWait(kept: Kept<WaitingEvent>, at: Instant): OpenWait {
    const { cgroupId, owner, ownerPid } = kept.wait;
    const [name = ''] = kept.names;
    return { ...named(kept), behind: { ...this.#offender(owner, cgroupId, at), pid: ownerPid, name } };
  }

  /** By the names that are known by now. */
  #offender(owner: Owner, victimId: CgroupId, at: Instant): { offender: string; cause: Cause } {
    const workloadOf = (id: CgroupId) => this.#options.workloadOf(id, at);
    const key = keyOf({ owner, resource: 'cpu', basis: 'measured' }, workloadOf(victimId), workloadOf);
    return { offender: key.offender, cause: key.cause };
  }
}

function named({ wait, name }: Kept<LongWaitEvent | WaitingEvent>): NamedWait {
  const { at, pid, startedNs, tid, cpu, waitedNs } = wait;
  return { at, pid, startedNs, tid, name, cpu, seconds: waitedNs / NS_PER_SECOND };
}
