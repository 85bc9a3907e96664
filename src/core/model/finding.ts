import type { Process } from './process.ts';
import type { Instant } from './units.ts';
import type { Workload } from './workload.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ENTITY_KINDS = ['process', 'image', 'group', 'workload', 'pair', 'host'] as const;

/** What a finding is about. Two offenders are two entities, so that neither hides the other. */
export interface Entity {
  readonly kind: (typeof ENTITY_KINDS)[number];
  /** Unique among entities of its kind while this host is up, and the same for every Culprit that runs meanwhile: never a bare pid. */
  readonly key: string;
  /** What a person knows it by. */
  readonly name: string;
}

/** Numbers that support a finding. */
export interface Fact {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Where the number is from: `sched_process_fork`, `cpu.stat`. */
  readonly source: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** When something that can run out will. */
export interface Forecast {
  readonly what: string;
  readonly seconds: number;
}

/**
 * How things stand with an entity, told by a detector from 70 % of its threshold on.
 *
 * Only the ledger knows what was before, and makes an incident of it from 100 % on.
 */
export interface Finding {
  readonly entity: Entity;
  /** 1 at the threshold; of several conditions that must all hold, the weakest. */
  readonly strength: number;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  readonly windowMs: number;
  /** Instead of the detector's own. */
  readonly severity?: Severity;
  /** When it began, where that is known better than by when it was found. */
  readonly onsetAt?: Instant;
  /** Who does it. The tree's object: it is described while it is still true. */
  readonly culprit: Process | undefined;
  readonly workload: Workload | undefined;
  /** Who suffers from it, where that is somebody else. */
  readonly victim?: Workload;
  readonly facts: readonly Fact[];
  readonly forecast?: Forecast;
}
