import type { ProcessId, Usage } from '../model/process.ts';
import type { CgroupId } from '../model/units.ts';
import type { Row } from './row.ts';

/** What had been counted of a process that was forgotten before its reap was told. */
export interface Counted {
  readonly pid: number;
  readonly cgroupId: CgroupId;
  readonly row: Row;
  readonly used: Usage;
}

/** Some 1.5 MB; at 50,000 ends a second, what a third of a second brings. */
const MAX = 16_384;

/**
 * Processes whose reap is still to come, though the tree has forgotten them: the kernel tells it after a grace period of RCU, and in a
 * fork storm more end within one than the tree remembers.
 *
 * Of more than there is room for the oldest go. Those are surely they whose reap the ring lost.
 */
export class Awaited {
  readonly #byStart = new Map<number, Counted>();

  add({ startedNs }: ProcessId, counted: Counted): void {
    if (this.#byStart.size >= MAX) this.#byStart.delete(this.#byStart.keys().next().value!);
    this.#byStart.set(startedNs, counted);
  }

  take({ pid, startedNs }: ProcessId): Counted | undefined {
    const counted = this.#byStart.get(startedNs);
    if (counted === undefined || counted.pid !== pid) return undefined;
    this.#byStart.delete(startedNs);
    return counted;
  }
}
