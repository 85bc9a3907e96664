import { after } from 'node:test';
import type { Incident } from '../../src/core/model/incident.ts';
import { Store } from '../../src/store/index.ts';
import { INCIDENT } from '../http/culprit.ts';

const VICTIM = { kind: 'unit', name: 'db.service' } as const;

/** The nth, found in its nth second. */
export function incident(nth: number, more: Partial<Incident> = {}): Incident {
  const at = nth * 1_000;
  const id = `0198c0de-0000-7000-8000-${String(nth).padStart(12, '0')}`;
  const times = { onsetAt: at - 500, detectedAt: at, peakAt: at, heldAt: at };
  return { ...INCIDENT, id, ...times, victim: VICTIM, forecast: { what: 'pids', seconds: 60 }, ...more };
}

/** A store, and what it said. */
export async function opened(path: string, options: Partial<Parameters<typeof Store.open>[0]> = {}) {
  const said: string[] = [];
  const say = (message: string) => void said.push(message);
  const store = await Store.open({
    path,
    incidentsMax: 10_000,
    ageMsMax: 86_400_000,
    bootId: 'this',
    wallOffsetMs: () => 1_700_000_000_000,
    log: { info: say, warn: say },
    ...options,
  });
  after(() => store.close());
  return { store, said };
}
