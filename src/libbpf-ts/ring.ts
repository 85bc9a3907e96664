import { disown, type Pointer, viewOf } from './foreign.ts';
import { libc, mapShared, PROT_READ, PROT_WRITE, pageSizeBytes } from './libc.ts';
import type { BpfMap } from './map.ts';

/** A record begins with its length, whose top bits say that it is being written, or was given up; see `kernel/bpf/ringbuf.c`. */
const HEADER_BYTES = 8;
const DISCARDED = 1 << 30;
const LENGTH_MASK = DISCARDED - 1;

/**
 * Reads a `BPF_MAP_TYPE_RINGBUF` in place: no copy, no system call and no allocation for a record.
 *
 * The kernel lays the data out twice in a row, so that a record that crosses the end is contiguous. We map the data once,
 * and of its repetition only as many pages as the longest record needs: mapped pages count as resident memory.
 *
 *     consumer page │ producer page │ data ........................ │ data again
 *     (read, write) │ (read) ◀──────────── mapped ────────────────────▶ +maxRecordBytes
 *
 * One reader for a ring, on one thread. Little-endian machines only.
 */
export class RingReader {
  /** The ring's memory; a record's offset is an index into it. Empty after `close`. */
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly sizeBytes: number;
  readonly maxRecordBytes: number;

  readonly #mappings: readonly Mapping[];
  readonly #headers: Int32Array;
  readonly #produced: Int32Array;
  readonly #consumed: BigUint64Array;
  /** How far we have read; the ring holds 1 GiB at most, so 32 bits order positions, and the rest are kept for the kernel. */
  #position: number;
  #positionHigh: bigint;
  #closed = false;

  /** Throws `KernelError` when the ring cannot be mapped. Records longer than `maxRecordBytes` are refused by `drain`. */
  constructor(map: Pick<BpfMap, 'name' | 'fd' | 'capacity'>, { maxRecordBytes = 4096 - HEADER_BYTES } = {}) {
    const { fd, name } = map;
    const page = pageSizeBytes();
    const excess = Math.min(map.capacity, Math.ceil((maxRecordBytes + HEADER_BYTES) / page) * page);

    this.sizeBytes = map.capacity;
    this.maxRecordBytes = maxRecordBytes;

    const consumer = mapRing(`the consumer page of ring ${name}`, fd, page, PROT_READ | PROT_WRITE, 0);
    const producer = mapProducer(consumer, name, fd, page + this.sizeBytes + excess, page);

    this.#mappings = [consumer, producer];
    this.bytes = new Uint8Array(producer.view, page);
    this.view = new DataView(producer.view, page);
    this.#headers = new Int32Array(producer.view, page);
    this.#produced = new Int32Array(producer.view, 0, 1);
    this.#consumed = new BigUint64Array(consumer.view, 0, 1);

    const position = Atomics.load(this.#consumed, 0);

    this.#position = Number(position & 0xffff_ffffn) | 0;
    this.#positionHigh = position >> 32n;
  }

  /** Bytes that wait to be read, headers included. */
  pendingBytes(): number {
    this.#expectOpen();
    return (Atomics.load(this.#produced, 0) - this.#position) >>> 0;
  }

  /**
   * Hands over every record that was complete on entry, oldest first, and gives their room back to the kernel at the end.
   *
   * `onRecord` gets where in `bytes` and `view` a record lies; it is valid only during the call, and `onRecord` must not close the ring.
   * A record still being written ends the pass. When `onRecord` throws, its record counts as read.
   * Returns how many records were handed over: at most `maxRecords`.
   */
  drain(onRecord: (offset: number, length: number) => void, maxRecords = Number.MAX_SAFE_INTEGER): number {
    this.#expectOpen();

    const headers = this.#headers;
    const mask = this.sizeBytes - 1;
    const end = Atomics.load(this.#produced, 0);
    const begin = this.#position;
    let position = begin;
    let records = 0;

    try {
      while (position !== end && records < maxRecords) {
        const offset = position & mask;
        const header = Atomics.load(headers, offset >>> 2);

        if (header < 0) break;
        const length = header & LENGTH_MASK;

        position = (position + ((length + HEADER_BYTES + 7) & ~7)) | 0;
        if ((header & DISCARDED) !== 0) continue;
        if (length > this.maxRecordBytes) throw tooLong(length, this.maxRecordBytes);
        records += 1;
        onRecord(offset + HEADER_BYTES, length);
      }
    } finally {
      if (position !== begin) this.#release(position);
    }
    return records;
  }

  /** Unmaps the ring and empties `bytes`. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const mapping of this.#mappings) unmap(mapping);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #release(position: number): void {
    if (position >>> 0 < this.#position >>> 0) this.#positionHigh += 1n;
    this.#position = position;
    Atomics.store(this.#consumed, 0, (this.#positionHigh << 32n) | BigInt(position >>> 0));
  }

  #expectOpen(): void {
    if (this.#closed) throw new Error('cannot read the ring: it is closed');
  }
}

interface Mapping {
  readonly pointer: Pointer;
  readonly view: ArrayBuffer;
}

function mapRing(what: string, fd: number, lengthBytes: number, protection: number, offset: number): Mapping {
  const pointer = mapShared(what, fd, lengthBytes, protection, offset);

  return { pointer, view: viewOf(pointer, lengthBytes) };
}

function mapProducer(consumer: Mapping, name: string, fd: number, lengthBytes: number, offset: number): Mapping {
  try {
    return mapRing(`ring ${name}`, fd, lengthBytes, PROT_READ, offset);
  } catch (error) {
    unmap(consumer);
    throw error;
  }
}

function unmap({ pointer, view }: Mapping): void {
  const lengthBytes = view.byteLength;

  disown(view);
  libc().munmap(pointer, lengthBytes);
}

function tooLong(length: number, limit: number): RangeError {
  return new RangeError(
    `a record of ${length} bytes was skipped: this reader takes up to ${limit}; raise maxRecordBytes`,
  );
}
