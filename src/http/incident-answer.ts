import { type Incident, type NamedProcess, spanIdOf, traceIdOf } from '../core/model/incident.ts';
import type { Workload } from '../core/model/workload.ts';
import type { IncidentAnswer, IncidentDetail, RunbookAnswer } from './incidents-schema.ts';

/** An incident as it is told: instants become times of day. `wallOffsetMs` added to an instant makes Unix time. */
export function incidentAnswer(incident: Incident, wallOffsetMs: number): IncidentAnswer {
  const { entity, culprit, victim, forecast, evidence, resolvedAt } = incident;
  const time = (at: number): string => new Date(at + wallOffsetMs).toISOString();

  return {
    id: incident.id,
    traceId: traceIdOf(incident.id),
    spanId: spanIdOf(incident.id),
    fingerprint: incident.fingerprint,
    detector: incident.detector,
    title: incident.title,
    severity: incident.severity,
    state: incident.state,
    entity: { kind: entity.kind, name: entity.name },
    culprit: {
      process: culprit.process === undefined ? null : processAnswer(culprit.process),
      lineage: culprit.lineage.map(processAnswer),
      group: culprit.group,
      workload: workloadAnswer(culprit.workload),
    },
    victim: workloadAnswer(victim),
    value: incident.value,
    threshold: incident.threshold,
    unit: incident.unit,
    windowSeconds: incident.windowMs / 1_000,
    peak: { value: incident.peakValue, at: time(incident.peakAt) },
    evidence: evidence.map(({ from, to, ...rest }) => ({ ...rest, from: time(from), to: time(to) })),
    forecast: forecast ?? null,
    onsetAt: time(incident.onsetAt),
    detectedAt: time(incident.detectedAt),
    lastSeenAt: time(incident.heldAt),
    resolvedAt: incident.state === 'resolved' ? time(resolvedAt) : null,
    overlaps: [...incident.overlaps],
  };
}

/** The same with what to do about it. */
export function incidentDetail(
  incident: Incident,
  runbook: RunbookAnswer | undefined,
  wallOffsetMs: number,
): IncidentDetail {
  const { meaning, impact, diagnosis, mitigation } = runbook ?? NO_RUNBOOK;
  return { ...incidentAnswer(incident, wallOffsetMs), runbook: { meaning, impact, diagnosis, mitigation } };
}

const NO_RUNBOOK: RunbookAnswer = { meaning: '', impact: '', diagnosis: '', mitigation: '' };

function processAnswer({ pid, startedNs, comm, exe }: NamedProcess): IncidentAnswer['culprit']['lineage'][number] {
  return { pid, startedNs, comm, exe };
}

function workloadAnswer(workload: Workload | undefined): IncidentAnswer['victim'] {
  return workload ?? null;
}
