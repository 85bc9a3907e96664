import { readFileSync } from 'node:fs';
import { check } from './error.ts';
import { type Pointer, viewOf } from './foreign.ts';
import { libbpf } from './library.ts';
import type { Owner } from './program.ts';

/** `enum bpf_map_type`: the kinds whose values exist once for each CPU. */
const PER_CPU_TYPES: ReadonlySet<number> = new Set([5, 6, 10, 21]);

export const ENOENT = 2;

/** When `set` may write: always, only where there is no entry yet, only over an entry. */
export type Write = 'any' | 'insert' | 'replace';
const WRITE_FLAGS: Readonly<Record<Write, number>> = { any: 0, insert: 1, replace: 2 };

/** One map of an object. Keys and values are bytes, in the kernel's own layout and byte order. */
export class BpfMap {
  readonly name: string;
  /** `enum bpf_map_type` of `linux/bpf.h`. */
  readonly type: number;
  readonly keyBytes: number;
  /** One value, as declared. */
  readonly valueBytes: number;
  /** What a lookup returns: the value, or one value for each possible CPU, each rounded up to 8 bytes. */
  readonly entryBytes: number;
  readonly isPerCpu: boolean;
  readonly #owner: Owner;
  readonly #pointer: Pointer;

  constructor(owner: Owner, pointer: Pointer) {
    this.#owner = owner;
    this.#pointer = pointer;
    this.name = libbpf().bpf_map__name(pointer);
    this.type = libbpf().bpf_map__type(pointer);
    this.keyBytes = libbpf().bpf_map__key_size(pointer);
    this.valueBytes = libbpf().bpf_map__value_size(pointer);
    this.isPerCpu = PER_CPU_TYPES.has(this.type);
    this.entryBytes = this.isPerCpu ? perCpuStride(this.valueBytes) * possibleCpus() : this.valueBytes;
  }

  /** The most entries that it can hold; of a ring, its size in bytes. */
  get capacity(): number {
    return libbpf().bpf_map__max_entries(this.#live());
  }

  /** Set before loading. A ring's must be a power of two and whole pages: libbpf rounds it up. */
  set capacity(entries: number) {
    check(
      `give map ${this.name} room for ${entries} entries`,
      libbpf().bpf_map__set_max_entries(this.#live(), entries),
    );
  }

  get fd(): number {
    const fd = this.#owner.state() === 'loaded' ? libbpf().bpf_map__fd(this.#live()) : -1;

    this.#live();
    if (fd < 0) throw new Error(`map ${this.name} is not loaded`);
    return fd;
  }

  /** Reads an entry into `into`, which must hold `entryBytes`; false when there is none. */
  lookup(key: Uint8Array, into: Uint8Array): boolean {
    this.#expect('key', key, this.keyBytes);
    this.#expect('value', into, this.entryBytes);
    return this.#found('read', libbpf().bpf_map_lookup_elem(this.fd, key, into));
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const value = new Uint8Array(this.entryBytes);

    return this.lookup(key, value) ? value : undefined;
  }

  /** Writes an entry; throws `KernelError` when the map is full (E2BIG) or `write` forbids it (EEXIST, ENOENT). */
  set(key: Uint8Array, value: Uint8Array, write: Write = 'any'): void {
    this.#expect('key', key, this.keyBytes);
    this.#expect('value', value, this.entryBytes);
    check(`write map ${this.name}`, libbpf().bpf_map_update_elem(this.fd, key, value, WRITE_FLAGS[write]));
  }

  /** Says whether there was such an entry. */
  delete(key: Uint8Array): boolean {
    this.#expect('key', key, this.keyBytes);
    return this.#found('delete from', libbpf().bpf_map_delete_elem(this.fd, key));
  }

  /** Deletes an entry and reads what it held, in one step; false when there is none. Hash maps, kernel 5.14 and later. */
  take(key: Uint8Array, into: Uint8Array): boolean {
    this.#expect('key', key, this.keyBytes);
    this.#expect('value', into, this.entryBytes);
    return this.#found('take from', libbpf().bpf_map_lookup_and_delete_elem(this.fd, key, into));
  }

  /**
   * Every key, one system call each: for small maps, see `BatchReader` for others.
   *
   * Deleting the key just received is safe. When the program deletes it meanwhile, the kernel starts over: keys can come twice.
   */
  *keys(): Generator<Uint8Array> {
    let next = new Uint8Array(this.keyBytes);

    for (let key: Uint8Array | null = null; ; key = next) {
      next = new Uint8Array(this.keyBytes);
      if (!this.#found('list', libbpf().bpf_map_get_next_key(this.fd, key, next))) return;
      yield next.slice();
    }
  }

  /** Kernel memory that the map holds now, in bytes. */
  memoryBytes(): number {
    const text = readFileSync(`/proc/self/fdinfo/${this.fd}`, 'utf8');

    return Number(/^memlock:\s*(\d+)/m.exec(text)?.[1] ?? 0);
  }

  /** The memory of a global variable section before loading; of other maps, nothing. */
  initialMemory(): Uint8Array | undefined {
    const size = new BigUint64Array(1);
    const pointer = libbpf().bpf_map__initial_value(this.#live(), size);

    if (this.#owner.state() !== 'open')
      throw new Error(`cannot configure map ${this.name}: its object is ${this.#owner.state()}`);
    return pointer === null ? undefined : new Uint8Array(viewOf(pointer, Number(size[0])));
  }

  #found(verb: string, status: number): boolean {
    return status !== -ENOENT && check(`${verb} map ${this.name}`, status) >= 0;
  }

  #expect(what: string, bytes: Uint8Array, expected: number): void {
    if (bytes.byteLength !== expected) {
      throw new RangeError(`a ${what} of map ${this.name} has ${expected} bytes, not ${bytes.byteLength}`);
    }
  }

  #live(): Pointer {
    return this.#owner.handle.pointer && this.#pointer;
  }
}

/** The distance between two CPUs' values in an entry of a per-CPU map. */
export const perCpuStride = (valueBytes: number): number => Math.ceil(valueBytes / 8) * 8;

/** CPUs that can ever be plugged in: an entry of a per-CPU map has a value for each. */
export const possibleCpus = (): number => check('count the CPUs', libbpf().libbpf_num_possible_cpus());
