import type { Exemplar as Exit } from '../core/account/exemplars.ts';
import type { Engine } from '../core/engine/engine.ts';
import { type Incident, spanIdOf, traceIdOf } from '../core/model/incident.ts';
import type { Exemplar, ExemplarOf } from '../telemetry/render/exemplar.ts';
import { wallOffsetMs } from './clock.ts';

/** Which process it was that lived so long, and which incident that was counted last. */
export function exemplarsOf({ accounts, ledger }: Engine): ExemplarOf {
  return (sheet, slot, bucket) => {
    if (sheet === 'incidents') return incidentExemplar(ledger.tallies.latestOf(slot));
    return exitExemplar(accounts.exemplarOf(slot, bucket));
  };
}

function incidentExemplar(incident: Incident | undefined): Exemplar | undefined {
  if (incident === undefined) return undefined;
  const { id, detectedAt } = incident;
  return {
    labels: { trace_id: traceIdOf(id), span_id: spanIdOf(id) },
    value: 1,
    atSeconds: (detectedAt + wallOffsetMs()) / 1000,
  };
}

function exitExemplar(exit: Exit | undefined): Exemplar | undefined {
  if (exit === undefined) return undefined;
  const { pid, comm, lifetimeSeconds, at } = exit;
  return {
    labels: { process_pid: String(pid), process_executable_name: comm },
    value: lifetimeSeconds,
    atSeconds: (at + wallOffsetMs()) / 1000,
  };
}
