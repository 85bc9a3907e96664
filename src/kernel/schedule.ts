import type { Instant } from '../core/model/units.ts';

/** The worst of the last one to two windows is shown, so that no reader hides it from another. */
const WINDOW_MS = 15_000;

/** Pauses end on multiples of these, so that what is due at about the same time shares one wake-up of the CPU. */
const GRIDS_MS = [1_000, 250, 200];
const FINEST_GRID_MS = 50;

/** Does the work; milliseconds until the next time when that differs from the usual. */
export type Work = () => number | undefined | Promise<number | undefined>;

/**
 * Things done again and again, each after its own pause, and how late the event loop let them begin.
 *
 * What throws ends the process: work catches what the world may do to it.
 */
export class Schedule {
  readonly #now: () => Instant;
  readonly #timers = new Map<symbol, NodeJS.Timeout | NodeJS.Immediate>();
  readonly #running = new Set<Promise<unknown>>();
  #stopped = false;
  #windowAt: Instant;
  #worstMs = 0;
  #worstBeforeMs = 0;

  constructor(now: () => Instant) {
    this.#now = now;
    this.#windowAt = now();
  }

  /** Begins one pause from now. A pause of 0 means the next turn of the event loop. */
  every(pauseMs: number, work: Work): void {
    this.#after(pauseMs, pauseMs, work, Symbol('timer'));
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** How late work began, at worst. */
  lagMs(): number {
    return Math.max(this.#worstMs, this.#worstBeforeMs);
  }

  /** Nothing begins any more; resolves when what had begun is over. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) {
      clearTimeout(timer as NodeJS.Timeout);
      clearImmediate(timer as NodeJS.Immediate);
    }
    this.#timers.clear();
    await Promise.allSettled(this.#running);
  }

  #after(waitMs: number, pauseMs: number, work: Work, key: symbol): void {
    if (this.#stopped) return;
    const at = this.#now();
    const grid = GRIDS_MS.find((gridMs) => waitMs % gridMs === 0) ?? FINEST_GRID_MS;
    const dueAt = waitMs < FINEST_GRID_MS ? at + waitMs : Math.round((at + waitMs) / grid) * grid;
    const fire = () => {
      if (waitMs > 0) this.#note(this.#now() - dueAt);
      this.#run(pauseMs, work, key);
    };

    this.#timers.set(key, waitMs === 0 ? setImmediate(fire) : setTimeout(fire, dueAt - at));
  }

  #run(pauseMs: number, work: Work, key: symbol): void {
    const outcome = work();
    if (!(outcome instanceof Promise)) {
      this.#after(outcome ?? pauseMs, pauseMs, work, key);
      return;
    }

    const running: Promise<unknown> = outcome
      .then((waitMs) => this.#after(waitMs ?? pauseMs, pauseMs, work, key))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #note(lateMs: number): void {
    const at = this.#now();

    if (at - this.#windowAt >= WINDOW_MS) {
      this.#worstBeforeMs = at - this.#windowAt < 2 * WINDOW_MS ? this.#worstMs : 0;
      this.#worstMs = 0;
      this.#windowAt = at;
    }
    this.#worstMs = Math.max(this.#worstMs, lateMs);
  }
}
