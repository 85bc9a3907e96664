import type { Event } from '../core/model/event.ts';
import { Decoder } from '../core/wire/decoder.ts';
import { KIND } from '../core/wire/layout.ts';
import { type BpfMap, RingReader } from '../libbpf-ts/index.ts';
import type { Schedule } from './schedule.ts';

/** A wake-up of an idle CPU costs more than the records of a quiet host: with fewer than these, the next pause is longer. */
const QUIET_RECORDS = 64;
const QUIET_PAUSES = 2;
/** Some 5 ms of work: then others, such as a scrape, get their turn. */
const SLICE_RECORDS = 4096;
/** The ring must not fill up while we rest. */
const BUSY_SHARE = 0.25;
/** No record is shorter, its header in the ring included. */
const RECORD_BYTES_MIN = 48 + 8;

/** Empties the ring into events. */
export class Drain {
  /** Records that became events, by wire kind. */
  readonly delivered = new Float64Array(16);
  readonly #ring: RingReader;
  readonly #decoder: Decoder;
  readonly #emit: (event: Event) => void;
  readonly #recordsMax: number;

  /** Throws `KernelError` when the ring can't be mapped. */
  constructor(events: BpfMap, emit: (event: Event) => void) {
    this.#ring = new RingReader(events);
    this.#decoder = new Decoder(this.#ring.bytes);
    this.#emit = emit;
    this.#recordsMax = Math.ceil(this.#ring.sizeBytes / RECORD_BYTES_MIN);
  }

  get ringBytes(): number {
    return this.#ring.sizeBytes;
  }

  pendingBytes(): number {
    return this.#ring.pendingBytes();
  }

  /** Records that nobody could read. Anything but 0 means that the object and this code are not of one version. */
  get unreadable(): number {
    return unreadableIn(this.#decoder);
  }

  /** Tells all that lay in the ring on entry. */
  all(): void {
    this.#ring.drain(this.#onRecord, this.#recordsMax);
  }

  /**
   * Drains `hz` times a second while events come, half as often while hardly any do, and without a rest, but in slices,
   * while there is more than a slice or the ring fills up.
   */
  start(schedule: Schedule, hz: number): void {
    const pauseMs = 1000 / hz;

    schedule.every(pauseMs, () => {
      const records = this.#ring.drain(this.#onRecord, SLICE_RECORDS);

      if (records === SLICE_RECORDS || this.#ring.pendingBytes() > BUSY_SHARE * this.#ring.sizeBytes) return 0;
      return records < QUIET_RECORDS ? QUIET_PAUSES * pauseMs : pauseMs;
    });
  }

  /** Safe to call twice. */
  close(): void {
    this.#ring.close();
  }

  readonly #onRecord = (offset: number, length: number): void => {
    const event = this.#decoder.decode(offset, length);
    if (event === undefined) return;

    this.delivered[this.#ring.bytes[offset]!]! += 1;
    this.#emit(event);
  };
}

/** The kinds that travel through the ring: what metrics call them, and their number. */
export const RING_KINDS: readonly (readonly [name: string, kind: number])[] = [
  ['fork', KIND.fork],
  ['exec', KIND.exec],
  ['exit', KIND.exit],
  ['reap', KIND.reap],
  ['storm', KIND.storm],
  ['oom', KIND.oom],
  ['cgroup_mkdir', KIND.cgroupMade],
  ['cgroup_rmdir', KIND.cgroupRemoved],
  ['cgroup_attach', KIND.cgroupEntered],
  ['long_wait', KIND.longWait],
];

/** All causes together. */
export function unreadableIn({ unreadable }: Decoder): number {
  return unreadable.kind + unreadable.length + unreadable.value + unreadable.alignment;
}
