import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detector, option } from '../../../src/core/detect/contract.ts';
import { createEngine } from '../../../src/core/engine/engine.ts';
import type { IncidentChange } from '../../../src/core/model/incident.ts';

const FLOOD = 10_000;
const OPEN_MAX = 1_000;

/** Finds ten thousand things at a time, whatever happens. */
const flood = detector({
  id: 'flood',
  title: 'Flood',
  severity: 'warning',
  options: { findings: option(FLOOD, 'So many.') },
  runbook: { meaning: '', impact: '', diagnosis: '', mitigation: '' },
  watch: ({ findings }) => ({
    *assess() {
      for (let index = 0; index < findings; index++) {
        const entity = { kind: 'process', key: `${index}@${index}`, name: `worker (pid ${index})` } as const;
        const workload = { kind: 'unit', name: `unit-${index}.service` } as const;
        yield {
          entity,
          strength: 1,
          value: 1,
          threshold: 1,
          unit: '1',
          windowMs: 0,
          culprit: undefined,
          workload,
          facts: [],
        };
      }
    },
  }),
});

describe('ten thousand findings at a time', () => {
  it('open as many incidents as there is room for, are counted where there is none, and leave nothing when they are over', () => {
    const changes: IncidentChange['kind'][] = [];
    const engine = createEngine({
      senses: { lifecycle: true, counts: true, fds: true },
      detection: { detectors: [flood], openMax: OPEN_MAX, clearMs: 5_000, onChange: ({ kind }) => changes.push(kind) },
    });
    const tick = (second: number) => engine.observe({ kind: 'tick', at: second * 1_000 });

    tick(1);
    const { openCount } = engine.ledger;
    const { incidents: refused } = engine.stats().overflow;
    const { size: rows } = engine.ledger.tallies.active;
    engine.changeDetection({ settings: { flood: { isEnabled: false } } });
    for (let second = 2; second < 10; second++) tick(second);

    assert.deepEqual(
      { openCount, refused, rows, open: engine.ledger.openCount, rowsAfter: engine.ledger.tallies.active.size },
      { openCount: OPEN_MAX, refused: FLOOD - OPEN_MAX, rows: OPEN_MAX, open: 0, rowsAfter: 0 },
    );
    assert.equal(changes.length, 2 * OPEN_MAX);
  });
});
