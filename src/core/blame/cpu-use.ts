import type { Instant } from '../model/units.ts';
import { WINDOW_MS_MAX, Window } from './window.ts';

/** CPU that each workload used over the last minute, as far as snapshots and ends of processes have told. */
export class CpuUse {
  readonly #windows = new Map<string, Window>();

  add(at: Instant, workload: string, ns: number): void {
    let window = this.#windows.get(workload);
    if (window === undefined) {
      window = new Window();
      this.#windows.set(workload, window);
    }
    window.add(at, ns);
  }

  sum(workload: string, at: Instant, windowMs: number): number {
    return this.#windows.get(workload)?.sum(at, windowMs) ?? 0;
  }

  names(): IterableIterator<string> {
    return this.#windows.keys();
  }

  /** Forgets who used nothing for a minute. */
  sweep(at: Instant): void {
    for (const [name, window] of this.#windows) if (window.sum(at, WINDOW_MS_MAX) === 0) this.#windows.delete(name);
  }
}
