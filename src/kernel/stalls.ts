import type { Basis, Owner, StallEvent, StallResource, SwitchesEvent } from '../core/model/stall.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { LAYOUT } from '../core/wire/layout.ts';
import { BatchReader, type BpfMap, readU64 } from '../libbpf-ts/index.ts';
import { type Named, TOLD_KINDS, Told } from './told.ts';

/** Sums are kept here, so an entry that stands still for so long makes room for another. */
const REST_MS = 60_000;
/** Beyond this share of the map, the smallest go as well. */
const FULL_SHARE = 0.75;
const KIND_SHIFT = 56n;

const KEY = LAYOUT.blame_key.fields;
const CPU = LAYOUT.cpu_stalls.fields;
const PENDING = LAYOUT.pending_blame;
const PENDINGS = (CPU.seen - CPU.pending) / PENDING.size;

export interface StallsOptions {
  readonly blames: BpfMap;
  /** Where sums are on their way to `blames`, and switches are counted; of the scheduler's probes only. */
  readonly cpus?: BpfMap;
  readonly resource: StallResource;
  readonly basis: Basis;
  readonly emit: (event: StallEvent | SwitchesEvent) => void;
  /** The v2 id of the cgroup whose quota it is, or 0 where that is not known. */
  readonly quotaOf?: (id: CgroupId) => CgroupId;
  /** The same for the cgroup that block requests count for. */
  readonly ioCgroupOf?: (id: CgroupId) => CgroupId;
}

/** What probes summed up by victim and owner, told as what is new since the last reading. */
export class Stalls {
  /** Entries taken out of the kernel's map to make room. Their sums were told. */
  evicted = 0;
  /** Of `on_switch`, as of the last reading. */
  readonly cost: { runs: number; runNs: number } = { runs: 0, runNs: 0 };
  readonly #options: StallsOptions;
  readonly #blames: BatchReader;
  readonly #cpus: BatchReader | undefined;
  /** By victim, then by owner. */
  readonly #told = new Map<number, Map<number, Told>>();

  constructor(options: StallsOptions) {
    const { blames, cpus } = options;
    this.#options = options;
    this.#blames = new BatchReader(blames);
    this.#cpus = cpus && new BatchReader(cpus);
    // Where the sums of victims go that find the map full.
    blames.set(keyOf(NOBODY, { kind: 'other', id: 0 }), new Uint8Array(blames.valueBytes));
  }

  /** Throws `KernelError` when a map can't be read. */
  read(at: Instant): void {
    for (const told of this.#all()) told.beginReading();
    const entries = this.#readBlames(at);
    const isFull = entries >= this.#options.blames.capacity;
    if (this.#cpus !== undefined) this.#readCpus(this.#cpus, isFull, at);
    for (const told of this.#all()) this.#tell(told, at);
    this.#makeRoom(entries, at);
  }

  #readBlames(at: Instant): number {
    const reader = this.#blames;
    return reader.forEach((key, value) => {
      this.#of(reader.keys, key + KEY.victim, key + KEY.owner, at).readEntry(reader.values, value);
    });
  }

  /** After the blames: what moves there meanwhile is told next time, and nothing twice. */
  #readCpus(cpus: BatchReader, isFull: boolean, at: Instant): void {
    const switches = { kind: 'switches' as const, at, seen: 0, missed: 0 };
    this.cost.runNs = 0;
    cpus.forEach((_, cpu) => {
      const { values } = cpus;
      switches.seen += readU64(values, cpu + CPU.seen);
      switches.missed += readU64(values, cpu + CPU.missed);
      this.cost.runNs += readU64(values, cpu + CPU.run_ns);
      for (let index = 0; index < PENDINGS; index++) this.#addPending(values, cpu + index * PENDING.size, isFull, at);
    });
    this.cost.runs = switches.seen;
    this.#options.emit(switches);
  }

  /** Without an entry in a full map it will be told of nobody by name, once it has arrived. */
  #addPending(values: DataView, offset: number, isFull: boolean, at: Instant): void {
    const ns = readU64(values, offset + PENDING.fields.ns);
    if (ns === 0) return;
    const told = this.#of(values, offset + PENDING.fields.victim, offset + PENDING.fields.owner, at);
    if (told.entryNs > 0 || !isFull) told.totalNs += ns;
  }

  #tell(told: Told, at: Instant): void {
    const ns = told.takeNews(at);
    if (ns === 0) return;
    const { victim, owner, holders } = told;
    const { resource, basis } = this.#options;
    this.#options.emit({
      kind: 'stall',
      at,
      resource,
      basis,
      victimId: this.#inModel(victim).id,
      owner: this.#inModel(owner),
      ns,
      holders,
    });
    holders.length = 0;
  }

  #inModel({ kind, id }: Named): Owner {
    const { quotaOf, ioCgroupOf } = this.#options;
    if (kind === 'throttle') return { kind, id: quotaOf?.(id) ?? id };
    if (kind !== 'io-cgroup') return { kind, id };

    const known = ioCgroupOf?.(id) ?? 0;
    return known === 0 ? { kind: 'unobserved', id: 0 } : { kind: 'cgroup', id: known };
  }

  /** Nothing is lost by it but the credit of processes: the sums were told, and what comes later is a new entry. */
  #makeRoom(entries: number, at: Instant): void {
    const { capacity } = this.#options.blames;
    const resting = [...this.#all()].filter(({ changedAt, entryNs }) => entryNs > 0 && at - changedAt > REST_MS);
    for (const told of resting) this.#evict(told);
    for (const told of this.#all()) if (told.isGone && at - told.changedAt > REST_MS) this.#forget(told);

    const tooMany = entries - resting.length - FULL_SHARE * capacity;
    if (tooMany <= 0) return;
    const smallest = [...this.#all()].filter(({ entryNs }) => entryNs > 0).sort((a, b) => a.entryNs - b.entryNs);
    for (const told of smallest.slice(0, Math.ceil(tooMany))) this.#evict(told);
  }

  #evict(told: Told): void {
    const { blames } = this.#options;
    const value = new Uint8Array(blames.valueBytes);
    if (told.victim.id === 0 || !blames.take(keyOf(told.victim, told.owner), value)) return;

    told.entryTaken(readU64(new DataView(value.buffer), LAYOUT.blame.fields.ns));
    this.evicted++;
    if (told.isSettled) this.#forget(told);
  }

  #forget({ victim, owner }: Told): void {
    const owners = this.#told.get(numberOf(victim));
    owners?.delete(numberOf(owner));
    if (owners?.size === 0) this.#told.delete(numberOf(victim));
  }

  *#all(): Iterable<Told> {
    for (const owners of this.#told.values()) yield* owners.values();
  }

  #of(view: DataView, victimOffset: number, ownerOffset: number, at: Instant): Told {
    const victim = numberAt(view, victimOffset);
    const owner = numberAt(view, ownerOffset);
    let owners = this.#told.get(victim);
    if (owners === undefined) {
      owners = new Map();
      this.#told.set(victim, owners);
    }
    let told = owners.get(owner);
    if (told === undefined) {
      told = new Told(namedBy(victim), namedBy(owner), at);
      owners.set(owner, told);
    }
    return told;
  }
}

const NOBODY: Named = { kind: 'cgroup', id: 0 };

/** One number for a victim or an owner; ids stay below 2^48. */
function numberAt(view: DataView, offset: number): number {
  const high = view.getUint32(offset + 4, true);
  return (view.getUint32(offset, true) + (high & 0xff_ffff) * 2 ** 32) * 16 + (high >>> 24);
}

function namedBy(number: number): Named {
  return { kind: TOLD_KINDS[number % 16] ?? 'unobserved', id: Math.floor(number / 16) };
}

function numberOf({ kind, id }: Named): number {
  return id * 16 + TOLD_KINDS.indexOf(kind);
}

function keyOf(victim: Named, owner: Named): Uint8Array {
  return new Uint8Array(new BigUint64Array([wordOf(victim), wordOf(owner)]).buffer);
}

function wordOf({ kind, id }: Named): bigint {
  return (BigInt(TOLD_KINDS.indexOf(kind)) << KIND_SHIFT) | BigInt(id);
}
