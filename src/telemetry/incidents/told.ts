import type { IncidentChange } from '../../core/model/incident.ts';

/** What became of an incident, as it was then, with what made a time of day of an instant. */
export interface Told extends IncidentChange {
  readonly wallOffsetMs: number;
}
