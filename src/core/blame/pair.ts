import type { Basis, Cause, StallResource } from '../model/stall.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { Holders } from './holders.ts';
import { Window } from './window.ts';

/** What sets one row of the matrix apart. */
export interface PairKey {
  readonly victim: Workload;
  /** A workload, `~other`, or `kernel:kworker` and its like; empty where nobody is to blame. */
  readonly offender: string;
  /** Undefined where the offender is none. */
  readonly offenderWorkload: Workload | undefined;
  readonly resource: StallResource;
  readonly cause: Cause;
  readonly basis: Basis;
}

/** A victim, an offender and a cause: since we watch, and over the last minute. */
export class Pair implements PairKey {
  /** More may be known of it by now; its name is the same. */
  victim: Workload;
  readonly offender: string;
  offenderWorkload: Workload | undefined;
  readonly resource: StallResource;
  readonly cause: Cause;
  readonly basis: Basis;
  readonly slot: number;
  readonly window = new Window();
  readonly holders = new Holders();
  changedAt: Instant;
  isClosed = false;

  constructor(key: PairKey, slot: number, at: Instant) {
    this.victim = key.victim;
    this.offender = key.offender;
    this.offenderWorkload = key.offenderWorkload;
    this.resource = key.resource;
    this.cause = key.cause;
    this.basis = key.basis;
    this.slot = slot;
    this.changedAt = at;
  }
}

export function nameOf({ victim, offender, resource, cause, basis }: PairKey): string {
  return [victim.name, offender, resource, cause, basis].join('\n');
}
