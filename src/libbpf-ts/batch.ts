import { check } from './error.ts';
import type { Memory } from './foreign.ts';
import { libbpf } from './library.ts';
import { type BpfMap, ENOENT } from './map.ts';
import { viewBytes } from './u64.ts';

const ENOSPC = 28;
/** Map kinds, or kernels before 5.6 (per-CPU arrays: 5.13), that know no batches say one of these. */
const UNSUPPORTED: ReadonlySet<number> = new Set([-22, -95, -524]);

/**
 * Reads all entries of a map, many at a system call, into one buffer that is kept.
 *
 * No allocation for an entry. A hash map that changes meanwhile: entries that stay are seen once each,
 * those that come or go may be missed or seen.
 */
export class BatchReader {
  readonly #map: BpfMap;
  readonly #position: [Uint8Array, Uint8Array];
  readonly #count = new Uint32Array(1);
  #keyBytes: Uint8Array;
  #valueBytes: Uint8Array;
  #entries: number;
  #supported = true;

  /** The keys and values of the batch in hand; replaced when the kernel needs a larger one. */
  keys: DataView;
  values: DataView;

  constructor(map: BpfMap, { entriesPerCall = 1024 } = {}) {
    const cursorBytes = Math.max(map.keyBytes, 8);

    this.#map = map;
    this.#position = [new Uint8Array(cursorBytes), new Uint8Array(cursorBytes)];
    this.#entries = Math.min(entriesPerCall, map.capacity);
    this.#keyBytes = new Uint8Array(this.#entries * map.keyBytes);
    this.#valueBytes = new Uint8Array(this.#entries * map.entryBytes);
    this.keys = viewBytes(this.#keyBytes);
    this.values = viewBytes(this.#valueBytes);
  }

  /**
   * Calls `onEntry` with where each entry's key and value lie in `keys` and `values`; returns how many there were.
   *
   * A per-CPU value lies `perCpuStride(valueBytes)` after that of the CPU before.
   */
  forEach(onEntry: (keyOffset: number, valueOffset: number) => void): number {
    const { keyBytes, entryBytes } = this.#map;
    let total = 0;

    for (let first = true, more = true; more; first = false) {
      more = this.#supported ? this.#nextBatch(first) : this.#nextKey(first);
      const count = this.#count[0]!;

      for (let index = 0; index < count; index += 1) onEntry(index * keyBytes, index * entryBytes);
      total += count;
    }
    return total;
  }

  /** How many entries the map holds now. */
  count(): number {
    return this.forEach(() => {});
  }

  #nextBatch(first: boolean): boolean {
    const [from, to] = this.#position;
    const status = this.#lookup(first ? null : from, to);

    if (first && UNSUPPORTED.has(status)) {
      this.#supported = false;
      return this.#nextKey(true);
    }
    if (status === -ENOSPC) {
      this.#grow();
      return this.#nextBatch(first);
    }
    if (status !== -ENOENT) check(`read map ${this.#map.name}`, status);
    this.#position.reverse();
    return status >= 0;
  }

  #lookup(from: Memory | null, to: Memory): number {
    this.#count[0] = this.#entries;
    return libbpf().bpf_map_lookup_batch(this.#map.fd, from, to, this.#keyBytes, this.#valueBytes, this.#count, null);
  }

  /** One bucket of a hash holds more than the buffer: the kernel hands out whole buckets only. */
  #grow(): void {
    this.#entries *= 2;
    this.#keyBytes = new Uint8Array(this.#entries * this.#map.keyBytes);
    this.#valueBytes = new Uint8Array(this.#entries * this.#map.entryBytes);
    this.keys = viewBytes(this.#keyBytes);
    this.values = viewBytes(this.#valueBytes);
  }

  /** The same contract, entry by entry, where the kernel has no batches. */
  #nextKey(first: boolean): boolean {
    const { fd, keyBytes, entryBytes, name } = this.#map;
    const [from] = this.#position;
    const key = this.#keyBytes.subarray(0, keyBytes);
    const status = libbpf().bpf_map_get_next_key(fd, first ? null : from, key);

    this.#count[0] = 0;
    if (status === -ENOENT) return false;
    check(`list map ${name}`, status);
    from.set(key);

    const read = libbpf().bpf_map_lookup_elem(fd, key, this.#valueBytes.subarray(0, entryBytes));

    if (read !== -ENOENT) this.#count[0] = check(`read map ${name}`, read) + 1;
    return true;
  }
}
