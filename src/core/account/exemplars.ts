import { LIFETIME_BOUNDS_SECONDS } from '../model/process.ts';
import type { Instant } from '../model/units.ts';

/** One process whose lifetime fell into a bucket. Filled again by the next: read it at once. */
export interface Exemplar {
  readonly pid: number;
  readonly comm: string;
  readonly lifetimeSeconds: number;
  readonly at: Instant;
}

interface WritableExemplar {
  pid: number;
  comm: string;
  lifetimeSeconds: number;
  at: number;
}

const BUCKETS = LIFETIME_BOUNDS_SECONDS.length + 1;

/** The last exit by workload and bucket of its lifetime. */
export class Exemplars {
  readonly #exemplars: (WritableExemplar | undefined)[] = [];

  /** By slot of the sheet of workloads. */
  of(slot: number, bucket: number): Exemplar | undefined {
    const exemplar = this.#exemplars[slot * BUCKETS + bucket];
    return exemplar === undefined || exemplar.pid === 0 ? undefined : exemplar;
  }

  set(slot: number, pid: number, comm: string, lifetimeSeconds: number, at: Instant): void {
    const index = slot * BUCKETS + bucketOf(lifetimeSeconds);
    while (this.#exemplars.length <= index) this.#exemplars.push(undefined);
    const exemplar = this.#exemplars[index];
    if (exemplar === undefined) {
      this.#exemplars[index] = { pid, comm, lifetimeSeconds, at };
      return;
    }
    exemplar.pid = pid;
    exemplar.comm = comm;
    exemplar.lifetimeSeconds = lifetimeSeconds;
    exemplar.at = at;
  }

  /** The slot is another workload's now. */
  clear(slot: number): void {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const exemplar = this.#exemplars[slot * BUCKETS + bucket];
      if (exemplar !== undefined) exemplar.pid = 0;
    }
  }
}

/** A lifetime that is exactly a bound belongs below it, as `le` says. */
export function bucketOf(lifetimeSeconds: number): number {
  let bucket = 0;
  while (bucket < LIFETIME_BOUNDS_SECONDS.length && lifetimeSeconds > LIFETIME_BOUNDS_SECONDS[bucket]!) bucket++;
  return bucket;
}
