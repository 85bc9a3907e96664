import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { StepSums } from './step-sums.ts';

/**
 * How often a process did something in the last while.
 *
 * Kept by the process's slot in the tree; whoever gets the slot next begins with nothing.
 */
export class ProcessCounts {
  readonly #sums: StepSums;
  readonly #startedNs: number[] = [];
  /** By slot: the tree has one object for each. */
  readonly #processes: (Process | undefined)[] = [];
  /** Slots of all that may have counted something in the window. */
  readonly #active: number[] = [];

  constructor(windowMs: number, steps: number) {
    this.#sums = new StepSums(windowMs, steps);
  }

  /** Returns the sum of the window. */
  add(process: Process, at: Instant): number {
    const { slot } = process;
    if (this.#startedNs[slot] !== process.startedNs) {
      while (slot > this.#startedNs.length) this.#startedNs.push(Number.NaN);
      this.#startedNs[slot] = process.startedNs;
      this.#sums.clear(slot);
    }
    if (this.#processes[slot] === undefined) {
      while (slot > this.#processes.length) this.#processes.push(undefined);
      this.#processes[slot] = process;
      this.#active.push(slot);
    }
    return this.#sums.add(slot, at);
  }

  total(process: Process, at: Instant): number {
    return this.#isCounted(process) ? this.#sums.total(process.slot, at) : 0;
  }

  /** Of one step: 0 is the one that is being filled. */
  step(process: Process, at: Instant, back: number): number {
    return this.#isCounted(process) ? this.#sums.step(process.slot, at, back) : 0;
  }

  /** Who did it at least once in the window; the others are not looked at until they do again. */
  *active(at: Instant): Generator<Process> {
    for (let index = this.#active.length - 1; index >= 0; index--) {
      const slot = this.#active[index]!;
      const process = this.#processes[slot]!;
      if (this.total(process, at) > 0) {
        yield process;
        continue;
      }
      this.#processes[slot] = undefined;
      const last = this.#active.pop()!;
      if (last !== slot) this.#active[index] = last;
    }
  }

  #isCounted({ slot, startedNs }: Process): boolean {
    return this.#startedNs[slot] === startedNs;
  }
}
