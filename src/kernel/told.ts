import { type Holder, OWNER_KINDS } from '../core/model/stall.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { LAYOUT } from '../core/wire/layout.ts';
import { readU64 } from '../libbpf-ts/index.ts';

const BLAME = LAYOUT.blame;
const PROCESS = LAYOUT.blame_process;
const PROCESSES = (BLAME.size - BLAME.fields.processes) / PROCESS.size;

/** By index, `enum owner_kind` of bpf/blame.h: the model's, and one whose cgroup goes by its id in another hierarchy. */
export const TOLD_KINDS = [...OWNER_KINDS, 'io-cgroup'] as const;

/** An owner, or a victim, as the kernel names it. */
export interface Named {
  readonly kind: (typeof TOLD_KINDS)[number];
  readonly id: CgroupId;
}

/** A victim and an owner: what the kernel has summed up, and how much of it was told. */
export class Told {
  readonly victim: Named;
  readonly owner: Named;
  readonly holders: Holder[] = [];
  /** In the map's entry; it begins anew when the entry was taken out. */
  entryNs = 0;
  /** The same, and the sums on their way to it. */
  totalNs = 0;
  changedAt: Instant;
  #toldNs = 0;
  readonly #pids = new Float64Array(PROCESSES);
  readonly #heldNs = new Float64Array(PROCESSES);

  constructor(victim: Named, owner: Named, at: Instant) {
    this.victim = victim;
    this.owner = owner;
    this.changedAt = at;
  }

  /** An entry is read only where there is one: without, what was on its way at the last reading would count again. */
  beginReading(): void {
    this.totalNs = this.entryNs;
  }

  readEntry(values: DataView, offset: number): void {
    const ns = readU64(values, offset + BLAME.fields.ns);
    if (ns !== this.entryNs) this.#readHolders(values, offset + BLAME.fields.processes);
    this.entryNs = ns;
    this.totalNs = ns;
  }

  /** What was not told yet; nothing while a sum is on its way from the one place to the other. */
  takeNews(at: Instant): number {
    const news = this.totalNs - this.#toldNs;
    if (news <= 0) return 0;
    this.#toldNs = this.totalNs;
    this.changedAt = at;
    return news;
  }

  /** The entry is gone; it held this much. */
  entryTaken(ns: number): void {
    this.#toldNs -= ns;
    this.totalNs -= ns;
    this.entryNs = 0;
    this.#pids.fill(0);
  }

  /** Neither in the map nor on its way: a full map put it elsewhere. */
  get isGone(): boolean {
    return this.totalNs === 0;
  }

  get isSettled(): boolean {
    return this.#toldNs === 0 && this.totalNs === 0;
  }

  /** What each held since the last look; who is new at its place began there with nothing. */
  #readHolders(values: DataView, offset: number): void {
    this.holders.length = 0;
    for (let place = 0; place < PROCESSES; place++) {
      const pid = values.getUint32(offset + place * PROCESS.size + PROCESS.fields.pid, true);
      const ns = readU64(values, offset + place * PROCESS.size + PROCESS.fields.ns);
      const before = this.#pids[place] === pid ? this.#heldNs[place]! : 0;
      if (pid !== 0 && ns > before) this.holders.push({ pid, ns: ns - before });
      this.#pids[place] = pid;
      this.#heldNs[place] = ns;
    }
  }
}
