import { type Entity, type Finding, SEVERITIES, type Severity } from '../model/finding.ts';
import type { Evidence, Incident } from '../model/incident.ts';
import type { Instant } from '../model/units.ts';

type Told =
  | 'state'
  | 'severity'
  | 'forecast'
  | 'evidence'
  | 'peakValue'
  | 'peakAt'
  | 'peakStrength'
  | 'heldAt'
  | 'resolvedAt';
/** A name may come late. */
type Named = 'fingerprint' | 'entity' | 'culprit' | 'victim';
type Changing = Told | Named;

/** An incident as the ledger writes it; everyone else only reads. */
export type Opened = { -readonly [Key in Changing]: Incident[Key] } & Omit<Incident, Changing> & {
    /** When somebody was last told of it. */
    toldAt: Instant;
    isPeakTold: boolean;
    /** Of one that was taken over: so long a finding may be waited for, from the first look on. Undefined once there is one. */
    awaited: { since: Instant; readonly forMs: number } | undefined;
  };

/** How it is worse than before is told at most so often. */
const PEAK_TOLD_MS = 10_000;

/** More support nothing that these don't. */
const EVIDENCE_MAX = 16;

export function fingerprintOf(detector: string, { kind, key }: Entity): string {
  return `${detector}/${kind}/${key}`;
}

export function evidenceOf({ facts }: Finding): Evidence[] {
  return facts.slice(0, EVIDENCE_MAX).map((fact, index) => ({ id: `E${index + 1}`, ...fact }));
}

/** A leak becomes critical while it is an incident; none is taken for less than it was. */
export function isWorse(one: Severity, other: Severity): boolean {
  return SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other);
}

/** It was never worse: what shows that replaces the evidence of before. */
export function peak(incident: Opened, finding: Finding, at: Instant): void {
  incident.peakStrength = finding.strength;
  incident.peakValue = finding.value;
  incident.peakAt = at;
  incident.evidence = evidenceOf(finding);
  incident.isPeakTold = false;
}

/** Whether it has been worse than anybody was told, for long enough to tell it now. Whoever asks tells it. */
export function takePeak(incident: Opened, at: Instant): boolean {
  if (incident.isPeakTold || at - incident.toldAt < PEAK_TOLD_MS) return false;
  incident.isPeakTold = true;
  incident.toldAt = at;
  return true;
}

/**
 * One that an earlier run left open.
 *
 * Its detector must be able to see its whole window once, and then it has as long as any other to be told again.
 */
export function takenOver(incident: Incident, clearMs: number, at: Instant): Opened {
  const awaited = { since: Number.NaN, forMs: incident.windowMs + clearMs };
  return { ...incident, toldAt: at, isPeakTold: true, awaited };
}

/** Whether there was no finding of it for so long that it is over. */
export function isOver({ awaited, heldAt }: Opened, clearMs: number, at: Instant): boolean {
  if (awaited === undefined) return at - heldAt >= clearMs;
  if (Number.isNaN(awaited.since)) awaited.since = at;
  return at - awaited.since >= awaited.forMs;
}
