import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import type { Config } from '../config/index.ts';
import { DETECTORS } from '../core/detect/index.ts';
import type { Engine, EngineOptions } from '../core/engine/engine.ts';
import type { Ledger } from '../core/incident/ledger.ts';
import type { Incident, IncidentChange } from '../core/model/incident.ts';
import type { IncidentQuery, Incidents } from '../http/index.ts';
import { now, wallOffsetMs } from './clock.ts';
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

/** What the server asks of the ledger. */
export function incidentsOf({ ledger }: Engine): Incidents {
  return {
    detectors: DETECTORS.map(({ id }) => id),
    find: (query) => findIncidents(ledger, query),
    get: (id) => ledger.get(id),
    runbookOf,
    now,
    wallOffsetMs,
  };
}

/** The latest first: those that are open, then those that are over. */
function findIncidents(ledger: Ledger, query: IncidentQuery): Incident[] {
  const all = [...[...ledger.open()].reverse(), ...ledger.closed()];
  return all
    .filter(({ state }) => query.state === undefined || state === query.state)
    .filter(({ detector }) => query.detector === undefined || detector === query.detector)
    .filter(({ culprit, victim }) => {
      return query.workload === undefined || [culprit.workload?.name, victim?.name].includes(query.workload);
    })
    .filter(({ detectedAt }) => query.sinceAt === undefined || detectedAt >= query.sinceAt)
    .slice(0, query.limit);
}
