import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Growth } from './growth.ts';
import { CELL, FLAG, type Members } from './members.ts';

const MARK_MS = 5_000;
/** One fork in the first millisecond of a life is not a thousand a second. */
const SPAN_MS_MIN = 1_000;

const STARTED = 0;
const RUNTIME = 1;
const FORKS = 2;
const RUNTIME_BEFORE = 3;
const FORKS_BEFORE = 4;
const STRIDE = 5;

/** What a process does now; NaN where that is not known. */
export interface Rate {
  /** CPU seconds per second: 1 is one CPU. */
  readonly cpuRatio: number;
  readonly forksPerSecond: number;
  /** Over the last minute, of anonymous, swapped and shared memory. */
  readonly growthBytesPerSecond: number;
}

/**
 * What each process did in the last five to ten seconds.
 *
 * Every five seconds its sums are marked; a rate is the way from the last mark but one. So an event costs nothing, and a
 * snapshot next to nothing.
 */
export class Rates {
  readonly #members: Members;
  readonly #growth: Growth;
  readonly #seesForks: boolean;
  #cells = new Float64Array(64 * STRIDE);
  #markedAt = Number.NaN;
  #markedBeforeAt = Number.NaN;
  #snapshotAt = Number.NaN;

  constructor(members: Members, growth: Growth, seesForks: boolean) {
    this.#members = members;
    this.#seesForks = seesForks;
    this.#growth = growth;
  }

  /** A snapshot of them ended. */
  observe(live: readonly Process[], at: Instant): void {
    this.#snapshotAt = at;
    if (at - this.#markedAt < MARK_MS) return;
    for (const process of live) this.#mark(process);
    this.#markedBeforeAt = this.#markedAt;
    this.#markedAt = at;
  }

  of(process: Process, at: Instant): Rate {
    const { slot, startedNs, forkedAt, forks } = process;
    const base = slot * STRIDE;
    const isMarked = this.#cells[base + STARTED] === startedNs;
    const runtime = this.#runtime(process);
    const growthBytesPerSecond = this.#growth.rate(slot);
    const since = (runtimeNs: number, forksThen: number, then: Instant): Rate => ({
      cpuRatio: (runtime - runtimeNs) / 1e6 / spanMs(then, this.#snapshotAt),
      forksPerSecond: this.#seesForks ? ((forks - forksThen) * 1_000) / spanMs(then, at) : Number.NaN,
      growthBytesPerSecond,
    });

    if (isMarked && !Number.isNaN(this.#cells[base + FORKS_BEFORE]!))
      return since(this.#cells[base + RUNTIME_BEFORE]!, this.#cells[base + FORKS_BEFORE]!, this.#markedBeforeAt);
    // It is younger than that mark. Where we saw it begin, it had done nothing then.
    if (!Number.isNaN(forkedAt)) return since(0, 0, forkedAt);
    if (isMarked) return since(this.#cells[base + RUNTIME]!, this.#cells[base + FORKS]!, this.#markedAt);
    return { cpuRatio: Number.NaN, forksPerSecond: Number.NaN, growthBytesPerSecond };
  }

  #mark(process: Process): void {
    const base = process.slot * STRIDE;
    if (base + STRIDE > this.#cells.length) this.#widen(base + STRIDE);
    const cells = this.#cells;
    const isKnown = cells[base + STARTED] === process.startedNs;
    cells[base + RUNTIME_BEFORE] = isKnown ? cells[base + RUNTIME]! : Number.NaN;
    cells[base + FORKS_BEFORE] = isKnown ? cells[base + FORKS]! : Number.NaN;
    cells[base + STARTED] = process.startedNs;
    cells[base + RUNTIME] = this.#runtime(process);
    cells[base + FORKS] = process.forks;
  }

  /** NaN before a whole sample was told: then it would seem to have used in a moment what it did in its life. */
  #runtime({ slot }: Process): number {
    const isBased = this.#members.has(slot) && (this.#members.flags[slot]! & FLAG.isBased) !== 0;
    return isBased ? this.#members.cells[this.#members.base(slot) + CELL.runtime]! : Number.NaN;
  }

  #widen(length: number): void {
    const cells = new Float64Array(Math.max(length, this.#cells.length * 2));
    cells.set(this.#cells);
    this.#cells = cells;
  }
}

/** NaN where no time has passed. */
function spanMs(from: Instant, to: Instant): number {
  return to > from ? Math.max(SPAN_MS_MIN, to - from) : Number.NaN;
}
