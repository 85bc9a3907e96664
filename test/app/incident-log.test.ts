import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { logTaker } from '../../src/app/incident-log.ts';
import type { Incident, IncidentChange } from '../../src/core/model/incident.ts';

const INCIDENT = {
  detector: 'fork-storm',
  entity: { kind: 'process', key: '7@7', name: 'bash (pid 7)' },
  culprit: { process: undefined, lineage: [], group: '', workload: { kind: 'unit', name: 'web.service' } },
  value: 212.4,
  threshold: 50,
  unit: '{fork}/s',
} as unknown as Incident;

function written(changes: readonly (Pick<IncidentChange, 'kind'> & { readonly at: number })[]): string[] {
  const lines: string[] = [];
  const take = logTaker({ warn: (message) => lines.push(message) });
  for (const change of changes) take({ ...change, incident: INCIDENT });
  return lines;
}

describe('the log of incidents', () => {
  it('says in a line what opened and what is over, and nothing of what got worse', () => {
    const lines = written([
      { kind: 'opened', at: 0 },
      { kind: 'peaked', at: 1 },
      { kind: 'resolved', at: 2 },
    ]);

    assert.deepEqual(lines, [
      'opened fork-storm: bash (pid 7) of web.service, 212 {fork}/s against 50',
      'resolved fork-storm: bash (pid 7) of web.service, 212 {fork}/s against 50',
    ]);
  });

  it('stays short when a thousand open at once, and says so, at once and with the count later', () => {
    const many = Array.from({ length: 1_000 }, () => ({ kind: 'opened', at: 5 }) as const);

    const lines = written([...many, { kind: 'resolved', at: 20_000 }]);

    assert.deepEqual(
      [lines.length, ...lines.slice(50, 52)],
      [
        53,
        'more than 50 incidents in 10 s: the rest are not written here, GET /incidents has them',
        '950 lines about incidents were not written: GET /incidents has them',
      ],
    );
  });
});
