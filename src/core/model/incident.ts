import type { Entity, Fact, Forecast, Severity } from './finding.ts';
import type { ProcessId } from './process.ts';
import type { Instant } from './units.ts';
import type { Workload } from './workload.ts';

/** A process with the names that it had. */
export interface NamedProcess extends ProcessId {
  readonly comm: string;
  readonly exe: string;
}

/** Who is to blame, as it was when it was found: by the time somebody reads it, it may be gone. */
export interface Culprit {
  /** Undefined where a workload is to blame and none of its processes stands out. */
  readonly process: NamedProcess | undefined;
  /** From its parent upwards. */
  readonly lineage: readonly NamedProcess[];
  /** Empty while unknown. */
  readonly group: string;
  readonly workload: Workload | undefined;
}

export interface Evidence extends Fact {
  /** `E1`, `E2`, … within its incident. */
  readonly id: string;
}

/** Lost: it was open when Culprit ended, and what came of it was not seen. */
export const INCIDENT_STATES = ['open', 'resolved', 'lost'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** A finding with a beginning, and an end once it is over. */
export interface Incident {
  readonly id: string;
  readonly state: IncidentState;
  /** The same for the same detector and entity. */
  readonly fingerprint: string;
  readonly detector: string;
  readonly title: string;
  readonly severity: Severity;
  readonly entity: Entity;
  readonly culprit: Culprit;
  readonly victim: Workload | undefined;
  readonly value: number;
  readonly threshold: number;
  readonly unit: string;
  readonly windowMs: number;
  /** The evidence of its peak. */
  readonly evidence: readonly Evidence[];
  readonly forecast: Forecast | undefined;
  readonly onsetAt: Instant;
  readonly detectedAt: Instant;
  readonly peakValue: number;
  readonly peakAt: Instant;
  /** 1 at the threshold. */
  readonly peakStrength: number;
  /** The last time that it was above 70 % of its threshold. */
  readonly heldAt: Instant;
  /** When it was found to be over, or given up as lost; NaN while it is open. */
  readonly resolvedAt: Instant;
  /** Ids of others that were open when it began, the latest first. */
  readonly overlaps: readonly string[];
}

/** Of its span: derived from its UUID, so that whoever knows the one knows the other, after a restart too. */
export function traceIdOf(id: string): string {
  return id.replaceAll('-', '');
}

/** The half of a UUIDv7 that is chance. Its first bit is set: it is never the id that means none. */
export function spanIdOf(id: string): string {
  return traceIdOf(id).slice(-16);
}

/** The same one on another clock, which reads `byMs` more: no duration changes. */
export function onClock(incident: Incident, byMs: number): Incident {
  if (byMs === 0) return incident;
  const { onsetAt, detectedAt, peakAt, heldAt, resolvedAt } = incident;
  return {
    ...incident,
    evidence: incident.evidence.map((each) => ({ ...each, from: each.from + byMs, to: each.to + byMs })),
    onsetAt: onsetAt + byMs,
    detectedAt: detectedAt + byMs,
    peakAt: peakAt + byMs,
    heldAt: heldAt + byMs,
    resolvedAt: resolvedAt + byMs,
  };
}

export interface IncidentChange {
  /** `peaked`: worse than ever, told at most once in 10 s of each incident. */
  readonly kind: 'opened' | 'peaked' | 'resolved' | 'lost';
  readonly at: Instant;
  readonly incident: Incident;
}
