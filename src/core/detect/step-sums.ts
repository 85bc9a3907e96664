import type { Instant } from '../model/units.ts';

/** Counts of the last while by a small number, in steps; memory grows with the largest number, never with what is counted. */
export class StepSums {
  readonly #stepMs: number;
  readonly #steps: number;
  #cells = new Uint32Array(0);
  #totals = new Float64Array(0);
  /** The step that was counted last, since the clock began. */
  #heads = new Float64Array(0);

  constructor(windowMs: number, steps: number) {
    this.#stepMs = windowMs / steps;
    this.#steps = steps;
  }

  /** Forgets all that was counted under the number, and makes room for it. */
  clear(index: number): void {
    while (index >= this.#totals.length) this.#widen();
    this.#cells.fill(0, index * this.#steps, (index + 1) * this.#steps);
    this.#totals[index] = 0;
    this.#heads[index] = 0;
  }

  /** The sum of the whole window, this one included. The number must have been cleared before. */
  add(index: number, at: Instant): number {
    this.#forget(index, at);
    this.#cells[index * this.#steps + (this.#heads[index]! % this.#steps)]! += 1;
    this.#totals[index]! += 1;
    return this.#totals[index]!;
  }

  /** Of the whole window. */
  total(index: number, at: Instant): number {
    this.#forget(index, at);
    return this.#totals[index]!;
  }

  /** Of one step: 0 is the one that is being filled, 1 the one before. */
  step(index: number, at: Instant, back: number): number {
    this.#forget(index, at);
    return this.#cells[index * this.#steps + ((this.#heads[index]! - back + this.#steps) % this.#steps)]!;
  }

  /** What was counted under one number counts under the other, too. */
  merge(from: number, into: number, at: Instant): void {
    this.#forget(from, at);
    this.#forget(into, at);
    for (let step = 0; step < this.#steps; step++)
      this.#cells[into * this.#steps + step]! += this.#cells[from * this.#steps + step]!;
    this.#totals[into]! += this.#totals[from]!;
  }

  #forget(index: number, at: Instant): void {
    const now = Math.floor(at / this.#stepMs);
    const head = this.#heads[index]!;
    if (now <= head) return;
    const base = index * this.#steps;
    if (now - head >= this.#steps || this.#totals[index] === 0) {
      this.#cells.fill(0, base, base + this.#steps);
      this.#totals[index] = 0;
    } else
      for (let step = head + 1; step <= now; step++) {
        const cell = base + (step % this.#steps);
        this.#totals[index]! -= this.#cells[cell]!;
        this.#cells[cell] = 0;
      }
    this.#heads[index] = now;
  }

  #widen(): void {
    const capacity = Math.max(64, this.#totals.length * 2);
    this.#cells = widen(this.#cells, new Uint32Array(capacity * this.#steps));
    this.#totals = widen(this.#totals, new Float64Array(capacity));
    this.#heads = widen(this.#heads, new Float64Array(capacity));
  }
}

function widen<Cells extends Uint32Array | Float64Array>(from: Cells, to: Cells): Cells {
  to.set(from);
  return to;
}
