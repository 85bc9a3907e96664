import type { Event } from '../core/model/event.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { CountsDecoder } from '../core/wire/counts.ts';
import { BatchReader, type BpfMap, readU64 } from '../libbpf-ts/index.ts';
import type { Cgroups } from './cgroups.ts';

/** A process that nobody waits for can still end in a cgroup that was removed. */
const REST_MS = 30_000;
const WORD_BYTES = 4;

/** All members only grow, so an entry whose sums stand still stands still. Two sums, as one would round. */
interface Seen {
  low: number;
  high: number;
  changedAt: Instant;
}

/**
 * What the kernel counted by cgroup: tells the entries that changed, and removes those of cgroups that are gone.
 *
 * Entry 0 stands for all cgroups that found no room.
 */
export class CgroupCounts {
  entries = 0;
  readonly #map: BpfMap;
  readonly #reader: BatchReader;
  readonly #cgroups: Cgroups;
  readonly #emit: (event: Event) => void;
  readonly #hasWaits: () => boolean;
  readonly #seen = new Map<CgroupId, Seen>();
  #memory: ArrayBufferLike | undefined;
  #decoder: CountsDecoder | undefined;
  #words: Uint32Array = new Uint32Array();

  /** `hasWaits` is asked once there is something to read: whether a probe counts long waits. */
  constructor(map: BpfMap, cgroups: Cgroups, emit: (event: Event) => void, hasWaits: () => boolean) {
    this.#hasWaits = hasWaits;
    this.#map = map;
    this.#reader = new BatchReader(map);
    this.#cgroups = cgroups;
    this.#emit = emit;
  }

  get capacity(): number {
    return this.#map.capacity;
  }

  /** Throws `KernelError` when the map can't be read. */
  read(at: Instant): void {
    this.entries = this.#reader.forEach((keyOffset, valueOffset) => {
      const id = readU64(this.#reader.keys, keyOffset);

      if (!this.#hasChanged(id, valueOffset, at)) return;
      const cgroup = this.#cgroups.live.get(id);
      if (cgroup !== undefined) cgroup.countedAt = at;
      this.#emit(this.#decoderNow().decode(valueOffset, id, at));
    });
    this.#removeGone(at);
  }

  #hasChanged(id: CgroupId, valueOffset: number, at: Instant): boolean {
    this.#decoderNow();
    const words = this.#words;
    const first = valueOffset / WORD_BYTES;
    const end = first + this.#map.valueBytes / WORD_BYTES;
    let low = 0;
    let high = 0;

    for (let word = first; word < end; word += 2) {
      low += words[word]!;
      high += words[word + 1]!;
    }
    const seen = this.#seen.get(id);
    if (seen?.low === low && seen.high === high) return false;
    this.#seen.set(id, { low, high, changedAt: at });
    return true;
  }

  /** The reader replaces its buffer when a batch needs a larger one. */
  #decoderNow(): CountsDecoder {
    const { values } = this.#reader;

    if (this.#decoder === undefined || this.#memory !== values.buffer) {
      this.#memory = values.buffer;
      this.#words = new Uint32Array(values.buffer);
      this.#decoder = new CountsDecoder(new Uint8Array(values.buffer), this.#hasWaits());
    }
    return this.#decoder;
  }

  #removeGone(at: Instant): void {
    for (const [id, { changedAt }] of this.#seen) {
      if (id === 0 || at - changedAt < REST_MS || !this.#isGone(id, changedAt)) continue;

      this.#map.delete(keyOf(id));
      this.#seen.delete(id);
    }
  }

  /** Known to be removed; or never known at all, though a walk that came later saw everything. */
  #isGone(id: CgroupId, since: Instant): boolean {
    if (this.#cgroups.live.has(id)) return false;
    if (this.#cgroups.removedAt(id) !== undefined) return true;
    if (this.#cgroups.walkedAt > since) return this.#cgroups.seesAll;

    this.#cgroups.walkWanted = true;
    return false;
  }
}

function keyOf(id: CgroupId): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(id)]).buffer);
}
