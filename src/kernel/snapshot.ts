import type { Event } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import type { BpfLink } from '../libbpf-ts/index.ts';
import type { Drain } from './drain.ts';
import { Samples } from './samples.ts';

export interface SnapshotsOptions {
  /** The iterators that are attached; at least one. */
  readonly plain: BpfLink | undefined;
  readonly whole: BpfLink | undefined;
  readonly drain: Drain;
  readonly emit: (event: Event) => void;
  readonly now: () => Instant;
}

/**
 * Every process and thread, by the task iterator.
 *
 * The ring is emptied before and after: whoever ended before the beginning has been told of by then, and whoever was
 * born before the end is told of before it. Costs about 1 µs for a process that sleeps since the snapshot before, and 2 µs
 * for any other, in one go.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #plain: Samples | undefined;
  readonly #whole: Samples | undefined;

  /** Throws when no iterator is attached. */
  constructor(options: SnapshotsOptions) {
    const { plain, whole } = options;
    if (plain === undefined && whole === undefined) throw new Error('no snapshot: neither iterator is attached');

    this.#options = options;
    this.#plain = plain && new Samples(plain);
    this.#whole = whole && new Samples(whole);
  }

  /** When `isWhole`, everything of everyone, with names. Throws `KernelError`; then the next must be whole. */
  take(isWhole: boolean): void {
    const { drain, emit, now } = this.#options;
    const samples = (isWhole ? this.#whole : this.#plain) ?? this.#plain ?? this.#whole;

    drain.all();
    emit({ kind: 'snapshot-begin', at: now() });
    samples?.read(emit);
    drain.all();
    emit({ kind: 'snapshot-end', at: now() });
  }

  get unreadable(): number {
    return (this.#plain?.unreadable ?? 0) + (this.#whole?.unreadable ?? 0);
  }
}
