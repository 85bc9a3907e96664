import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StallEvent } from '../../../src/core/model/stall.ts';
import { random } from '../../telemetry/accounts.ts';
import { page, sum } from '../support/page.ts';
import { behind, matrixOf, NOW, names, SECOND, stall } from './stalls.ts';

const rowsAfter = (events: readonly StallEvent[], matrix = matrixOf(names({ 1: 'api', 2: 'batch', 3: 'web' }))) => {
  for (const event of events) matrix.observe(event);
  return page(matrix.sheet, 'stall_seconds');
};

describe('the blame matrix', () => {
  it('adds up what a victim waited behind each', () => {
    const rows = rowsAfter([behind(1, 2, SECOND), behind(1, 2, 2 * SECOND), behind(1, 3, SECOND)]);

    assert.deepEqual(rows, {
      'api batch cpu neighbour measured': { stall_seconds: 3 },
      'api web cpu neighbour measured': { stall_seconds: 1 },
    });
  });

  it('says why, and whose quota and which kernel work it was', () => {
    const rows = rowsAfter([
      stall(1, 'throttle', SECOND, { owner: { kind: 'throttle', id: 3 } }),
      stall(1, 'throttle', SECOND),
      stall(1, 'kernel', SECOND, { owner: { kind: 'kernel', id: 2 } }),
      stall(1, 'kernel', SECOND, { owner: { kind: 'kernel', id: 99 } }),
      stall(1, 'irq', SECOND),
      stall(1, 'hypervisor', SECOND),
      stall(1, 'idle', SECOND),
      stall(1, 'unobserved', SECOND),
      stall(1, 'truncated', SECOND),
    ]);

    assert.deepEqual(Object.keys(rows), [
      'api  cpu hypervisor measured',
      'api  cpu idle measured',
      'api  cpu irq measured',
      'api  cpu throttle measured',
      'api  cpu truncated measured',
      'api  cpu unobserved measured',
      'api kernel:other cpu kernel measured',
      'api kernel:softirq cpu kernel measured',
      'api web cpu throttle measured',
    ]);
  });

  it('keeps resources apart, and what is measured from what is inferred', () => {
    const rows = rowsAfter([
      behind(1, 2, SECOND),
      behind(1, 2, SECOND, { resource: 'io' }),
      behind(1, 2, SECOND, { resource: 'io', basis: 'inferred' }),
    ]);

    assert.deepEqual(Object.keys(rows), [
      'api batch cpu neighbour measured',
      'api batch io neighbour inferred',
      'api batch io neighbour measured',
    ]);
  });

  it('makes a row under the right name once it is known; what was charged stays where it is', () => {
    const known = names();
    const matrix = matrixOf(known);

    matrix.observe(behind(1, 2, SECOND));
    for (const [id, name] of [
      [1, 'api'],
      [2, 'batch'],
    ] as const)
      known.set(id, { kind: 'unit', name });
    matrix.observe(behind(1, 2, SECOND));

    assert.deepEqual(Object.keys(page(matrix.sheet)), [
      'api batch cpu neighbour measured',
      'cgroup:1 cgroup:2 cpu neighbour measured',
    ]);
  });
});

describe('who is not a neighbour', () => {
  it('is the victim itself, in whichever of its cgroups', () => {
    const rows = rowsAfter([behind(1, 1, SECOND), behind(1, 2, SECOND)], matrixOf(names({ 1: 'api', 2: 'api' })));

    assert.deepEqual(rows, { 'api api cpu self measured': { stall_seconds: 2 } });
  });

  it('is whom the kernel had no room to name', () => {
    assert.deepEqual(Object.keys(rowsAfter([stall(1, 'other', SECOND)])), ['api ~other cpu unobserved measured']);
  });
});

describe('the limits of the matrix', () => {
  it('gives ten neighbours a row, and the rest one together', () => {
    const matrix = matrixOf(names());

    for (let offender = 2; offender < 20; offender++) matrix.observe(behind(1, offender, SECOND));

    const rows = page(matrix.sheet, 'stall_seconds');
    assert.deepEqual(
      [Object.keys(rows).length, rows['cgroup:1 ~other cpu neighbour measured'], matrix.folded],
      [11, { stall_seconds: 8 }, 8],
    );
  });

  it('takes the row of a neighbour that has long been idle, and keeps what it was charged', () => {
    const matrix = matrixOf(names());
    for (let offender = 2; offender < 12; offender++) matrix.observe(behind(1, offender, SECOND));

    matrix.observe(behind(1, 12, SECOND, { at: NOW + 61_000 }));

    const rows = page(matrix.sheet, 'stall_seconds');
    assert.deepEqual(
      [rows['cgroup:1 cgroup:12 cpu neighbour measured'], rows['cgroup:1 ~other cpu neighbour measured']],
      [{ stall_seconds: 1 }, { stall_seconds: 1 }],
    );
  });

  it('has no row for a victim beyond the last, but its wait', () => {
    const matrix = matrixOf(names(), { pairsMax: 2 });

    for (let victim = 1; victim < 6; victim++) matrix.observe(behind(victim, 9, SECOND));

    assert.deepEqual(page(matrix.sheet, 'stall_seconds'), {
      'cgroup:1 cgroup:9 cpu neighbour measured': { stall_seconds: 1 },
      'cgroup:2 cgroup:9 cpu neighbour measured': { stall_seconds: 1 },
      '~other ~other cpu unobserved measured': { stall_seconds: 3 },
    });
  });

  it('never loses a nanosecond of any resource, whatever is folded', () => {
    const next = random(7);
    const matrix = matrixOf(names(), { pairsMax: 40, neighboursMax: 3 });
    const charged = { cpu: 0, io: 0, memory: 0 };

    for (let event = 0; event < 20_000; event++) {
      const resource = (['cpu', 'io', 'memory'] as const)[Math.floor(next() * 3)]!;
      const ns = Math.floor(next() * 1_024) * 2 ** 20;
      charged[resource] += ns / SECOND;
      const at = NOW + event * 50;
      matrix.observe(behind(1 + Math.floor(next() ** 3 * 30), 1 + Math.floor(next() ** 2 * 30), ns, { resource, at }));
    }

    for (const [resource, seconds] of Object.entries(charged)) {
      const kept = sum(matrix.sheet, ['stall_seconds'], { resource });
      assert.ok(Math.abs(kept / seconds - 1) < 1e-12, `${resource}: ${kept} of ${seconds}`);
    }
    assert.ok(matrix.folded > 0 && matrix.size <= 46);
  });

  it('forgets a pair ten minutes after its last wait, and not before', () => {
    const matrix = matrixOf(names({ 1: 'api', 2: 'batch' }));
    matrix.observe(behind(1, 2, SECOND));

    matrix.sweep(NOW + 600_000);
    const before = matrix.size;
    matrix.sweep(NOW + 601_001);

    assert.deepEqual([before, matrix.size, matrix.sheet.size], [1, 0, 0]);
  });

  it('begins anew, from nothing, with a pair that it forgot', () => {
    const matrix = matrixOf(names({ 1: 'api', 2: 'batch' }));
    matrix.observe(behind(1, 2, SECOND));
    matrix.sweep(NOW + 700_000);

    matrix.observe(behind(1, 2, SECOND / 4, { at: NOW + 700_001 }));

    assert.deepEqual(page(matrix.sheet, 'stall_seconds'), {
      'api batch cpu neighbour measured': { stall_seconds: 0.25 },
    });
  });
});

describe('how much the matrix saw', () => {
  const tell = (at: number, seen: number, missed: number) => ({ kind: 'switches', at, seen, missed }) as const;

  it('is the share of switches within the window, not since the start', () => {
    const matrix = matrixOf(names());
    matrix.observeSwitches(tell(NOW, 1_000, 1_000));
    matrix.observeSwitches(tell(NOW + 30_000, 1_090, 1_010));

    assert.deepEqual(
      [matrix.coverage(NOW + 30_000, 10_000), matrix.coverage(NOW + 30_000, 60_000)],
      [0.9, 1_090 / 2_100],
    );
  });

  it('is not known when nothing was told, or nothing switched', () => {
    const matrix = matrixOf(names());
    matrix.observeSwitches(tell(NOW, 10, 0));

    assert.deepEqual(
      [matrixOf(names()).coverage(NOW, 10_000), matrix.coverage(NOW + 60_000, 10_000)],
      [Number.NaN, Number.NaN],
    );
  });

  it('covers no more time than it has watched', () => {
    const matrix = matrixOf(names());
    const before = matrix.coveredMs(NOW, 30_000);
    matrix.observeSwitches(tell(NOW, 10, 0));

    assert.deepEqual(
      [before, matrix.coveredMs(NOW + 3_000, 30_000), matrix.coveredMs(NOW + 90_500, 30_000)],
      [0, 3_000, 28_500],
    );
  });
});
