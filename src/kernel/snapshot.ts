import type { Event } from '../core/model/event.ts';
import type { Instant } from '../core/model/units.ts';
import type { BpfLink } from '../libbpf-ts/index.ts';
import type { Drain } from './drain.ts';
import { Samples } from './samples.ts';

export interface SnapshotsOptions {
  /** The iterators that are attached; at least one. */
  readonly plain: BpfLink | undefined;
  readonly withNames: BpfLink | undefined;
  readonly drain: Drain;
  readonly emit: (event: Event) => void;
  readonly now: () => Instant;
}

/**
 * Every process and thread, by the task iterator.
 *
 * The ring is emptied before and after: whoever ended before the beginning has been told of by then, and whoever was
 * born before the end is told of before it. Costs about 1 µs a task, in one go.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #plain: Samples | undefined;
  readonly #withNames: Samples | undefined;

  /** Throws when no iterator is attached. */
  constructor(options: SnapshotsOptions) {
    const { plain, withNames } = options;
    if (plain === undefined && withNames === undefined) throw new Error('no snapshot: neither iterator is attached');

    this.#options = options;
    this.#plain = plain && new Samples(plain);
    this.#withNames = withNames && new Samples(withNames);
  }

  /** Reads names too when asked, which costs about as much again. Throws `KernelError`. */
  take(withNames: boolean): void {
    const { drain, emit, now } = this.#options;
    const samples = (withNames ? this.#withNames : this.#plain) ?? this.#plain ?? this.#withNames;

    drain.all();
    emit({ kind: 'snapshot-begin', at: now() });
    samples?.read(emit);
    drain.all();
    emit({ kind: 'snapshot-end', at: now() });
  }

  get unreadable(): number {
    return (this.#plain?.unreadable ?? 0) + (this.#withNames?.unreadable ?? 0);
  }
}
