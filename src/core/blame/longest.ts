import type { Instant } from '../model/units.ts';

const STEP_MS = 10_000;
const STEPS = 6;
const KEPT_PER_STEP = 3;

/** How long a wait is remembered after its end. */
export const REMEMBERED_MS = STEP_MS * STEPS;

export interface Ended {
  readonly at: Instant;
  readonly waitedNs: number;
}

/**
 * The longest waits of the last minute: the three longest of each ten seconds.
 *
 * Not simply the longest of all, for when those are too old, someone must still know who comes next.
 */
export class Longest<Wait extends Ended> {
  /** By step modulo STEPS, longest first. */
  readonly #kept: Wait[][] = Array.from({ length: STEPS }, () => []);

  add(wait: Wait): void {
    const step = Math.floor(wait.at / STEP_MS) % STEPS;
    const kept = this.#kept[step]!.filter(({ at }) => wait.at - at < STEP_MS);
    this.#kept[step] = [...kept, wait].sort(longestFirst).slice(0, KEPT_PER_STEP);
  }

  /** Longest first. */
  list(at: Instant): Wait[] {
    return this.#kept
      .flat()
      .filter((wait) => at - wait.at < REMEMBERED_MS)
      .sort(longestFirst);
  }

  /** 0 when there is none. */
  longestNs(at: Instant): number {
    let longest = 0;
    for (const kept of this.#kept)
      for (const wait of kept) if (at - wait.at < REMEMBERED_MS) longest = Math.max(longest, wait.waitedNs);
    return longest;
  }
}

export function longestFirst(one: Ended, other: Ended): number {
  return other.waitedNs - one.waitedNs;
}
