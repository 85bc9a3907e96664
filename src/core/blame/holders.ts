import type { Holder } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import { WINDOW_MS_MAX, Window } from './window.ts';

/** More than the kernel tells at a time, so that a newcomer does not push out who was heavy half a minute ago. */
const HOLDERS_MAX = 8;

/** The heaviest processes of an offender over the last minute. What they are called, the tree knows. */
export class Holders {
  readonly #windows = new Map<number, Window>();

  add(at: Instant, { pid, ns }: Holder): void {
    let window = this.#windows.get(pid);
    if (window === undefined) {
      if (this.#windows.size >= HOLDERS_MAX) this.#dropLightest(at);
      window = new Window();
      this.#windows.set(pid, window);
    }
    window.add(at, ns);
  }

  /** Heaviest first. */
  list(at: Instant, windowMs: number): Holder[] {
    return [...this.#windows]
      .map(([pid, window]) => ({ pid, ns: window.sum(at, windowMs) }))
      .filter(({ ns }) => ns > 0)
      .sort((one, other) => other.ns - one.ns);
  }

  #dropLightest(at: Instant): void {
    let lightest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const [pid, window] of this.#windows) {
      const ns = window.sum(at, WINDOW_MS_MAX);
      if (ns >= least) continue;
      least = ns;
      lightest = pid;
    }
    this.#windows.delete(lightest);
  }
}
