import type { Replayed } from '../../cli/index.ts';
import type { Ledger } from '../../core/incident/ledger.ts';
import { incidentDetail } from '../../http/index.ts';
import { runbookOf } from '../runbooks.ts';

/** More than anyone reads. */
export const HISTORY_MAX = 10_000;

/** As `GET /incidents` has them, each in full; without a trace, for who replays sends none. */
export function incidentsIn(ledger: Ledger, wallOffsetMs: number): Replayed['incidents'] {
  const all = [...[...ledger.open()].reverse(), ...ledger.closed()];
  return all.map((incident) => {
    const { traceId, ...detail } = incidentDetail(incident, runbookOf(incident.detector), wallOffsetMs);
    return detail;
  });
}
