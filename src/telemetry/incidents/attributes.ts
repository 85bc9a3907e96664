import type { Attributes } from '@opentelemetry/api';
import type { Incident } from '../../core/model/incident.ts';
import type { Workload } from '../../core/model/workload.ts';
import { cleanLabel } from '../label.ts';

type Told = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** What an incident is about: by OpenTelemetry's semantic conventions where they have a name for it, by ours where not. */
export function incidentAttributes(incident: Incident): Attributes {
  const { detector, severity, entity, culprit, victim, forecast } = incident;

  return attributes({
    ...processAttributes(incident),
    ...placeAttributes(culprit.workload),
    'culprit.incident.id': incident.id,
    'culprit.incident.fingerprint': incident.fingerprint,
    'culprit.incident.state': incident.state,
    'culprit.incident.detector': detector,
    'culprit.incident.severity': severity,
    'culprit.incident.value': incident.value,
    'culprit.incident.threshold': incident.threshold,
    'culprit.incident.peak': incident.peakValue,
    'culprit.incident.unit': incident.unit,
    'culprit.incident.window': incident.windowMs / 1_000,
    'culprit.entity.kind': entity.kind,
    'culprit.entity.name': entity.name,
    'culprit.lineage': culprit.lineage.map(({ pid, exe, comm }) => cleanLabel(`${exe || comm} (pid ${pid})`)),
    'culprit.group': culprit.group,
    'culprit.workload': culprit.workload?.name,
    'culprit.workload_kind': culprit.workload?.kind,
    'culprit.victim.workload': victim?.name,
    'culprit.victim.workload_kind': victim?.kind,
    'culprit.forecast.what': forecast?.what,
    'culprit.forecast.seconds': forecast?.seconds,
  });
}

function processAttributes({ culprit: { process, lineage } }: Incident): Told {
  if (process === undefined) return {};
  return {
    'process.pid': process.pid,
    'process.parent_pid': lineage[0]?.pid,
    'process.executable.name': process.exe || process.comm,
    'culprit.process.started_ns': process.startedNs,
  };
}

function placeAttributes(workload: Workload | undefined): Told {
  return {
    'container.id': workload?.containerId,
    'k8s.pod.uid': workload?.podUid,
    'k8s.namespace.name': workload?.namespace,
  };
}

/** What is known of it, fit for any reader. */
export function attributes(told: Told): Attributes {
  const known: Attributes = {};
  for (const [name, value] of Object.entries(told)) {
    if (value === undefined || value === '' || Number.isNaN(value)) continue;
    known[name] = typeof value === 'string' ? cleanLabel(value) : typeof value === 'number' ? value : [...value];
  }
  return known;
}
