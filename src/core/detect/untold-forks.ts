import type { CgroupCountsEvent, StormEvent } from '../model/event.ts';
import type { Process } from '../model/process.ts';
import type { CgroupId, Instant } from '../model/units.ts';

const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1_000;

/** Forks that the kernel counted, over so long until then. */
export interface Counted {
  readonly forks: number;
  readonly windowMs: number;
  readonly at: Instant;
}

interface Reading {
  readonly at: Instant;
  readonly lost: number;
}

/**
 * Forks that no event told, for the ring between kernel and us was full: a storm that is fast enough to fill it hides itself.
 *
 * What the kernel counts is exact whatever the ring lost: by parent in the records of storms, as far as those come through, and
 * by cgroup always.
 */
export class UntoldForks {
  readonly #windowMs: number;
  readonly #byParent = new Map<Process, Counted & { readonly startedNs: number }>();
  readonly #byCgroup = new Map<CgroupId, Reading[]>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** A record counts since its storm began; of a long one, the part that the window holds. */
  observeStorm(parent: Process, { at, forks, windowNs }: StormEvent): void {
    const wholeMs = Math.max(1, windowNs / NS_PER_MS);
    const windowMs = Math.min(wholeMs, this.#windowMs);
    this.#byParent.set(parent, { startedNs: parent.startedNs, forks: (forks * windowMs) / wholeMs, windowMs, at });
  }

  observeCounts({ at, cgroupId, lost }: CgroupCountsEvent): void {
    const readings = this.#byCgroup.get(cgroupId) ?? [];
    // Most cgroups never lose any.
    if (readings.length === 0 && lost.forks === 0) readings.push({ at, lost: 0 });
    else if (readings.length === 0 || lost.forks !== readings.at(-1)!.lost || readings.length > 1)
      readings.push({ at, lost: lost.forks });
    else readings[0] = { at, lost: lost.forks };
    while (readings.length > 2 && at - readings[1]!.at >= this.#windowMs) readings.shift();
    this.#byCgroup.set(cgroupId, readings);
  }

  *parents(now: Instant): Generator<Counted & { readonly process: Process }> {
    for (const [process, counted] of this.#byParent) {
      const isGone = process.startedNs !== counted.startedNs || now - counted.at > MS_PER_SECOND;
      if (isGone) this.#byParent.delete(process);
      else yield { process, ...counted };
    }
  }

  /** Those that lost any within the window, which must be over. */
  *cgroups(now: Instant): Generator<Counted & { readonly cgroupId: CgroupId }> {
    for (const [cgroupId, readings] of this.#byCgroup) {
      const first = readings[0]!;
      const last = readings.at(-1)!;
      if (now - last.at > 2 * this.#windowMs) this.#byCgroup.delete(cgroupId);
      else if (last.lost > first.lost && last.at - first.at >= this.#windowMs)
        yield { cgroupId, forks: last.lost - first.lost, windowMs: last.at - first.at, at: last.at };
    }
  }
}
