import type { IncidentChange } from '../core/model/incident.ts';
import { incidentAnswer } from '../http/index.ts';
import type { Told } from './told.ts';

/** What the stream tells of an incident: what became of it, and all of it as it stands then. */
export function toldIncident({ kind: change, at, incident }: IncidentChange, wallOffsetMs: number): Told {
  const workload = incident.culprit.workload?.name ?? '';
  const time = new Date(at + wallOffsetMs).toISOString();

  return {
    kind: 'incident',
    workload,
    // Whoever asks for one workload wants to know as well when another makes it suffer.
    victim: incident.victim?.name,
    data: { kind: 'incident', time, workload, change, incident: incidentAnswer(incident, wallOffsetMs) },
  };
}
