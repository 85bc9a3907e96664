import { BatchReader, type BpfMap, perCpuStride, readU64 } from '../libbpf-ts/index.ts';
import { type Drain, RING_KINDS } from './drain.ts';

/** Of one kind of record: made in the kernel, had no room in the ring, became an event here. The rest is on its way. */
export interface EventCount {
  readonly kind: string;
  readonly produced: number;
  readonly lost: number;
  readonly delivered: number;
}

/** Reads the map `event_counts`: what each CPU counted, by kind. */
export class EventCounts {
  readonly #reader: BatchReader;
  readonly #stride: number;
  readonly #cpus: number;
  readonly #drain: Drain;

  constructor(map: BpfMap, drain: Drain) {
    this.#reader = new BatchReader(map);
    this.#stride = perCpuStride(map.valueBytes);
    this.#cpus = map.entryBytes / this.#stride;
    this.#drain = drain;
  }

  /** Throws `KernelError` when the map can't be read. */
  read(): EventCount[] {
    const produced = new Float64Array(this.#drain.delivered.length);
    const lost = new Float64Array(this.#drain.delivered.length);

    this.#reader.forEach((keyOffset, valueOffset) => {
      const kind = this.#reader.keys.getUint32(keyOffset, true);
      for (let cpu = 0, at = valueOffset; cpu < this.#cpus; cpu++, at += this.#stride) {
        produced[kind]! += readU64(this.#reader.values, at);
        lost[kind]! += readU64(this.#reader.values, at + 8);
      }
    });
    return RING_KINDS.map(([name, kind]) => ({
      kind: name,
      produced: produced[kind]!,
      lost: lost[kind]!,
      delivered: this.#drain.delivered[kind]!,
    }));
  }
}
