import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
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

  /** What the one used, the other did. */
  rename({ name: before }: Workload, { name: after }: Workload, at: Instant): void {
    const window = this.#windows.get(before);
    if (window === undefined) return;
    this.#windows.delete(before);
    const known = this.#windows.get(after);
    if (known === undefined) this.#windows.set(after, window);
    else known.join(window, at);
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
