import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import type { Config } from '../config/index.ts';
import { DETECTORS } from '../core/detect/index.ts';
import type { Engine, EngineOptions } from '../core/engine/engine.ts';
import type { Ledger } from '../core/incident/ledger.ts';
import type { Incident, IncidentChange } from '../core/model/incident.ts';
import type { IncidentQuery, Incidents, IncidentsFound } from '../http/index.ts';
import { now, wallOffsetMs } from './clock.ts';
import type { IncidentStore } from './incident-store.ts';
import { judgement } from './judgement.ts';
import { runbookOf } from './runbooks.ts';
import { uuidV7 } from './uuid-v7.ts';

/** What the detectors and the ledger need of the configuration and of the world. */
export function detectionOptions(
  { detectors }: Config,
  onChange: (change: IncidentChange) => void,
): NonNullable<EngineOptions['detection']> {
  return {
    ...judgement(detectors, cpus().length),
    newId: () => uuidV7(Date.now(), randomBytes(10)),
    onChange,
  };
}

/** What of it a reload takes over. */
export function changeDetection(engine: Engine, { detectors }: Config): void {
  engine.changeDetection(judgement(detectors, cpus().length));
}

/** What the server asks of the ledger, and of the store for what the ledger no longer has. */
export function incidentsOf({ ledger }: Engine, store: IncidentStore): Incidents {
  return {
    detectors: DETECTORS.map(({ id }) => id),
    find: (query) => findIncidents(ledger, store, query),
    get: (id) => ledger.get(id) ?? store.get(id),
    runbookOf,
    now,
    wallOffsetMs,
  };
}

/** The latest first; ids are in the order of time. The ledger knows better of what both know. */
function findIncidents(ledger: Ledger, store: IncidentStore, query: IncidentQuery): IncidentsFound {
  const { limit } = query;
  const known = new Map([...ledger.open(), ...ledger.closed()].map((incident) => [incident.id, incident]));
  const found = [...known.values()].filter((incident) => isAskedFor(incident, query));
  const stored = store.find(query, limit + 1, (id) => known.has(id));
  const all = [...found, ...stored].toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const incidents = all.slice(0, limit);
  const next = all.length > limit ? { next: incidents.at(-1)!.id } : {};

  return { incidents, degraded: store.faults(), ...next };
}

function isAskedFor({ id, state, detector, culprit, victim, detectedAt }: Incident, query: IncidentQuery): boolean {
  return (
    (query.state === undefined || state === query.state) &&
    (query.detector === undefined || detector === query.detector) &&
    (query.workload === undefined || [culprit.workload?.name, victim?.name].includes(query.workload)) &&
    (query.sinceAt === undefined || detectedAt >= query.sinceAt) &&
    (query.before === undefined || id < query.before)
  );
}
