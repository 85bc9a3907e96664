import type { Entity, Finding } from '../model/finding.ts';
import type { Evidence, Incident } from '../model/incident.ts';
import type { Instant } from '../model/units.ts';

type Changing = 'forecast' | 'evidence' | 'peakValue' | 'peakAt' | 'heldAt' | 'resolvedAt';

/** An incident as the ledger writes it; everyone else only reads. */
export type Opened = { -readonly [Key in Changing]: Incident[Key] } & Omit<Incident, Changing> & {
    peakStrength: number;
  };

/** More support nothing that these don't. */
const EVIDENCE_MAX = 16;

export function fingerprintOf(detector: string, { kind, key }: Entity): string {
  return `${detector}/${kind}/${key}`;
}

export function evidenceOf({ facts }: Finding): Evidence[] {
  return facts.slice(0, EVIDENCE_MAX).map((fact, index) => ({ id: `E${index + 1}`, ...fact }));
}

/** It was never worse: what shows that replaces the evidence of before. */
export function peak(incident: Opened, finding: Finding, at: Instant): void {
  incident.peakStrength = finding.strength;
  incident.peakValue = finding.value;
  incident.peakAt = at;
  incident.evidence = evidenceOf(finding);
}
