import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';

/** Each pause of a back-off is longer than the one before by this at least. */
const BACKOFF_RATIO = 1.2;

/** One program under one parent, failing since it last succeeded. */
export class Loop {
  readonly parent: Process;
  readonly parentStartedNs: number;
  readonly exe: string;
  readonly #times: Float64Array;
  failures = 0;
  since: Instant = Number.NaN;
  lastAt: Instant = Number.NaN;
  lastStatus = 0;

  constructor(parent: Process, exe: string, remembered: number) {
    this.parent = parent;
    this.parentStartedNs = parent.startedNs;
    this.exe = exe;
    this.#times = new Float64Array(remembered);
  }

  fail(at: Instant, status: number): void {
    if (this.failures === 0) this.since = at;
    this.#times[this.failures++ % this.#times.length] = at;
    this.lastAt = at;
    this.lastStatus = status;
  }

  /** Of those that are remembered, how many are younger. */
  within(now: Instant, windowMs: number): number {
    return this.#last().filter((at) => now - at <= windowMs).length;
  }

  hasRhythm(unevenRatio: number): boolean {
    const pauses = this.#pauses();
    if (pauses.length < 2) return false;
    const mean = this.meanMs();
    const variance = pauses.reduce((sum, pause) => sum + (pause - mean) ** 2, 0) / pauses.length;
    if (Math.sqrt(variance) < unevenRatio * mean) return true;
    return pauses.every((pause, index) => index === 0 || pause >= BACKOFF_RATIO * pauses[index - 1]!);
  }

  meanMs(): number {
    const pauses = this.#pauses();
    return pauses.reduce((sum, pause) => sum + pause, 0) / pauses.length;
  }

  #pauses(): number[] {
    const times = this.#last();
    return times.slice(1).map((at, index) => at - times[index]!);
  }

  /** Oldest first. */
  #last(): number[] {
    const count = Math.min(this.failures, this.#times.length);
    return Array.from({ length: count }, (_, index) => {
      return this.#times[(this.failures - count + index) % this.#times.length]!;
    });
  }
}

/** By parent and program: those that failed last. */
export class Loops {
  readonly #remembered: number;
  readonly #refuse: () => void;
  readonly #loops = new Map<Process, Map<string, Loop>>();
  #size = 0;

  constructor(execs: number, refuse: () => void) {
    this.#remembered = Math.ceil(execs);
    this.#refuse = refuse;
  }

  succeed(parent: Process, exe: string): void {
    const loop = this.#loops.get(parent)?.get(exe);
    if (loop !== undefined) loop.failures = 0;
  }

  fail(parent: Process, exe: string, at: Instant, status: number): void {
    const programs = this.#loops.get(parent) ?? new Map<string, Loop>();
    const known = programs.get(exe);
    if (known !== undefined && known.parentStartedNs === parent.startedNs) {
      known.fail(at, status);
      return;
    }
    if (known === undefined && this.#size >= LOOPS_MAX) {
      this.#refuse();
      return;
    }
    if (known === undefined) this.#size++;
    const loop = new Loop(parent, exe, this.#remembered);
    loop.fail(at, status);
    this.#loops.set(parent, programs.set(exe, loop));
  }

  /** Those with a failure in the window; the others are forgotten. */
  *active(now: Instant, windowMs: number): Generator<Loop> {
    for (const [parent, programs] of this.#loops) {
      for (const [exe, loop] of programs) {
        const isOver = now - loop.lastAt > windowMs || parent.startedNs !== loop.parentStartedNs;
        if (!isOver) yield loop;
        else if (programs.delete(exe)) this.#size--;
      }
      if (programs.size === 0) this.#loops.delete(parent);
    }
  }
}

const LOOPS_MAX = 4_096;
