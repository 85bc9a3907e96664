import type { Process } from '../model/process.ts';
import { Sheet } from '../model/sheet.ts';
import type { StallEvent, SwitchesEvent } from '../model/stall.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { keyOf, OTHER, ownerKey } from './key.ts';
import { nameOf, Pair, type PairKey } from './pair.ts';
import { coveredMs, WINDOW_MS_MAX, Window } from './window.ts';

export interface MatrixOptions {
  /** Whose cgroup it is, as far as it is known by now. */
  readonly workloadOf: (id: CgroupId, at: Instant) => Workload;
  /** Who has the pid, or had it last, as far as it is remembered. */
  readonly processOf?: (pid: number) => Process | undefined;
  /** Rows of the matrix, but for those of the victim `~other`. */
  readonly pairsMax?: number;
  /** Neighbours of one victim that have a row of their own. */
  readonly neighboursMax?: number;
  readonly retentionMs?: number;
}

const NS_PER_SECOND = 1e9;
const SWEEP_MS = 1_000;
/** Each resource by each basis: rows of last resort. */
const LAST_ROWS = 6;
const EVERYONE: Workload = { kind: 'other', name: OTHER };

/**
 * Who made whom wait: sums that only grow, by victim, offender, resource and cause.
 *
 * What there is no room for goes to the offender `~other` of its victim, so that a victim's sum stays what it waited.
 */
export class Matrix {
  readonly sheet: Sheet;
  /** Pairs that had to go to `~other` for want of room. */
  folded = 0;
  switches: { readonly seen: number; readonly missed: number } = { seen: 0, missed: 0 };

  readonly #options: Required<MatrixOptions>;
  readonly #seconds: number;
  readonly #seen = new Window();
  readonly #missed = new Window();
  #since = Number.NaN;
  readonly #pairs = new Map<string, Pair>();
  /** Of a victim, by its name: pairs whose offender has one too. */
  readonly #neighbours = new Map<string, Set<Pair>>();
  /** By victim and owner: what spares a name for every event. */
  readonly #known = new Map<CgroupId, Map<number, Pair>>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(options: MatrixOptions) {
    this.#options = {
      processOf: () => undefined,
      pairsMax: 2_000,
      neighboursMax: 10,
      retentionMs: 600_000,
      ...options,
    };
    this.sheet = new Sheet(
      ['victim', 'offender', 'resource', 'cause', 'basis'],
      { stall_seconds: 0 },
      this.#options.pairsMax + LAST_ROWS,
    );
    this.#seconds = this.sheet.column('stall_seconds');
  }

  get size(): number {
    return this.#pairs.size;
  }

  pairs(): IterableIterator<Pair> {
    return this.#pairs.values();
  }

  observe(event: StallEvent): void {
    const { at, ns } = event;
    const pair = this.#pairOf(event);
    this.sheet.add(pair.slot, this.#seconds, ns / NS_PER_SECOND);
    pair.changedAt = at;
    pair.window.add(at, ns);
    for (const holder of event.holders) pair.holders.add(at, holder, this.#options.processOf(holder.pid));
  }

  observeSwitches({ at, seen, missed }: SwitchesEvent): void {
    if (Number.isNaN(this.#since)) this.#since = at;
    this.#seen.add(at, seen - this.switches.seen);
    this.#missed.add(at, missed - this.switches.missed);
    this.switches = { seen, missed };
  }

  /** Of the context switches within the window, how many were seen; NaN when there were none. */
  coverage(at: Instant, windowMs: number): number {
    const seen = this.#seen.sum(at, windowMs);
    return seen / (seen + this.#missed.sum(at, windowMs));
  }

  /** How much of the window was watched. */
  coveredMs(at: Instant, windowMs: number): number {
    return Number.isNaN(this.#since) ? 0 : Math.min(coveredMs(at, windowMs), at - this.#since);
  }

  /** Of all that a pair was charged since its row is open. */
  seconds(pair: Pair): number {
    return this.sheet.get(pair.slot, this.#seconds);
  }

  /** At most once a second: closes what has long been over. */
  sweep(at: Instant): void {
    if (at - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = at;
    for (const pair of this.#pairs.values()) if (at - pair.changedAt > this.#options.retentionMs) this.#close(pair);
    for (const [victim, owners] of this.#known) {
      for (const [owner, pair] of owners) if (pair.isClosed) owners.delete(owner);
      if (owners.size === 0) this.#known.delete(victim);
    }
  }

  /** What was charged under the old name is the new one's. */
  rename(before: Workload, after: Workload, at: Instant): void {
    for (const pair of [...this.#pairs.values()]) {
      const { victim, offender, offenderWorkload, resource, basis } = pair;
      const isOffender = offenderWorkload?.name === before.name;
      if (pair.isClosed || (victim.name !== before.name && !isOffender)) continue;
      const key = {
        victim: victim.name === before.name ? after : victim,
        offender: isOffender ? after.name : offender,
        offenderWorkload: isOffender ? after : offenderWorkload,
        resource,
        basis,
      };
      const isOwn = pair.cause === 'neighbour' && key.offender === key.victim.name;
      this.#move(pair, { ...key, cause: isOwn ? 'self' : pair.cause }, at);
    }
  }

  #move(pair: Pair, key: PairKey, at: Instant): void {
    const seconds = this.seconds(pair);
    const openedAt = this.sheet.openedAt[pair.slot]!;
    this.#close(pair);
    const target = this.#open(key, at);
    // It counts what was counted since then.
    this.sheet.openedAt[target.slot] = Math.min(openedAt, this.sheet.openedAt[target.slot]!);
    this.sheet.add(target.slot, this.#seconds, seconds);
    target.changedAt = Math.max(target.changedAt, pair.changedAt);
    target.window.join(pair.window, at);
    target.holders.join(pair.holders, at);
  }

  #pairOf(event: StallEvent): Pair {
    const { at, victimId } = event;
    const victim = this.#options.workloadOf(victimId, at);
    const owner = ownerKey(event);
    const known = this.#known.get(victimId)?.get(owner);
    // What was counted under another name has been moved, so the row of now is under the name of now.
    if (known !== undefined && !known.isClosed && known.victim.name === victim.name && this.#isStill(known, event)) {
      known.victim = victim;
      return known;
    }

    const pair = this.#open(
      keyOf(event, victim, (id) => this.#options.workloadOf(id, at)),
      at,
    );
    const owners = this.#known.get(victimId) ?? new Map<number, Pair>();
    this.#known.set(victimId, owners.set(owner, pair));
    return pair;
  }

  /** One in `~other` for want of room asks again each time. */
  #isStill(pair: Pair, { owner, at }: StallEvent): boolean {
    const before = pair.offenderWorkload;
    if (owner.kind !== 'cgroup' && (owner.kind !== 'throttle' || owner.id === 0)) return before === undefined;
    const now = this.#options.workloadOf(owner.id, at);
    if (before?.name !== now.name) return false;
    pair.offenderWorkload = now;
    return true;
  }

  #open(key: PairKey, at: Instant): Pair {
    const name = nameOf(key);
    const known = this.#pairs.get(name);
    if (known !== undefined) return known;
    if (!this.#hasRoom(key, at)) {
      this.folded++;
      return this.#open(withoutName(key), at);
    }
    const slot = this.sheet.open([key.victim.name, key.offender, key.resource, key.cause, key.basis], at);
    const pair = new Pair(key, slot, at);
    this.#pairs.set(name, pair);
    if (isNamed(pair)) this.#neighbours.set(pair.victim.name, this.#neighboursOf(pair.victim).add(pair));
    return pair;
  }

  #hasRoom({ victim, offender, cause }: PairKey, at: Instant): boolean {
    if (victim === EVERYONE) return true;
    if (this.#pairs.size >= this.#options.pairsMax) return false;
    if (!isNamed({ cause, offender })) return true;

    const neighbours = this.#neighboursOf(victim);
    if (neighbours.size < this.#options.neighboursMax) return true;
    const idle = neighbours.values().find(({ changedAt }) => at - changedAt > WINDOW_MS_MAX);
    if (idle === undefined) return false;
    this.#fold(idle, at);
    return true;
  }

  #neighboursOf({ name }: Workload): Set<Pair> {
    return this.#neighbours.get(name) ?? new Set();
  }

  #fold(pair: Pair, at: Instant): void {
    const seconds = this.seconds(pair);
    this.#close(pair);
    this.folded++;
    this.sheet.add(this.#open(withoutName(pair), at).slot, this.#seconds, seconds);
  }

  #close(pair: Pair): void {
    pair.isClosed = true;
    this.sheet.close(pair.slot);
    this.#pairs.delete(nameOf(pair));
    const neighbours = this.#neighboursOf(pair.victim);
    if (neighbours.delete(pair) && neighbours.size === 0) this.#neighbours.delete(pair.victim.name);
  }
}

function isNamed({ cause, offender }: Pick<PairKey, 'cause' | 'offender'>): boolean {
  return cause === 'neighbour' && offender !== OTHER;
}

/** First the offender loses its name, then the victim, and the cause with it. */
function withoutName({ victim, offender, resource, cause, basis }: PairKey): PairKey {
  const hadName = isNamed({ cause, offender });
  return {
    victim: hadName ? victim : EVERYONE,
    offender: OTHER,
    offenderWorkload: undefined,
    resource,
    cause: hadName ? 'neighbour' : 'unobserved',
    basis,
  };
}
