import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { page } from '../support/page.ts';
import { behind, matrixOf, NOW, names, SECOND } from './stalls.ts';

const EIGHT_HOURS_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;
const known = () => names({ 1: 'api', 2: 'batch' });

describe('a host that stood still for eight hours', () => {
  it('has nothing of before in its last minute, and all of it in its counters', () => {
    const matrix = matrixOf(known());
    matrix.observe(behind(1, 2, 5 * SECOND));
    matrix.observe(behind(1, 2, 2 * SECOND, { at: NOW + EIGHT_HOURS_MS }));

    const [pair] = matrix.pairs();

    assert.equal(pair!.window.sum(NOW + EIGHT_HOURS_MS, MINUTE_MS), 2 * SECOND);
    assert.deepEqual(page(matrix.sheet, 'stall_seconds'), {
      'api batch cpu neighbour measured': { stall_seconds: 7 },
    });
  });

  it('charges a wait that went on all the time in full: the kernel counted it so', () => {
    const matrix = matrixOf(known());
    matrix.observe(behind(1, 2, 8 * 3_600 * SECOND, { at: NOW + EIGHT_HOURS_MS }));

    assert.deepEqual(page(matrix.sheet, 'stall_seconds'), {
      'api batch cpu neighbour measured': { stall_seconds: 28_800 },
    });
  });

  it('says nothing of a coverage from before', () => {
    const matrix = matrixOf(known());
    matrix.observeSwitches({ kind: 'switches', at: NOW, seen: 900, missed: 100 });
    matrix.observeSwitches({ kind: 'switches', at: NOW + EIGHT_HOURS_MS, seen: 1_000, missed: 100 });

    assert.equal(matrix.coverage(NOW + EIGHT_HOURS_MS, MINUTE_MS), 1);
  });
});

describe('an instant that comes late', () => {
  it('takes nothing away, and nothing is counted twice', () => {
    const matrix = matrixOf(known());
    matrix.observe(behind(1, 2, 3 * SECOND, { at: NOW + EIGHT_HOURS_MS }));
    matrix.observe(behind(1, 2, SECOND));
    matrix.sweep(NOW);

    const [pair] = matrix.pairs();

    assert.equal(pair!.window.sum(NOW + EIGHT_HOURS_MS, MINUTE_MS), 4 * SECOND);
    assert.equal(matrix.seconds(pair!), 4);
  });
});
