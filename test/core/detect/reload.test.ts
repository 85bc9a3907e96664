import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkBurst from '../../../src/core/detect/fork-burst.ts';
import zombies from '../../../src/core/detect/zombies.ts';
import { exit } from '../support/events.ts';
import { host } from './host.ts';

/** Half of what is a burst, each time it is asked for. */
const HALF = 30;

describe('a detector, at a reload', () => {
  it('goes on with what it has watched, where its options stay', () => {
    const linux = host(forkBurst);
    const pool = linux.spawn('pool');
    linux.forks(pool, HALF, { overMs: 500 });

    linux.change({ exclude: [{ workload: /^other/u }] });
    linux.forks(pool, HALF, { overMs: 500 });
    linux.pass(1_000);

    assert.deepEqual(linux.open, [`fork-burst: pool (pid ${pool})`]);
  });

  it('begins anew, where its options change', () => {
    const linux = host(forkBurst);
    const pool = linux.spawn('pool');
    linux.forks(pool, HALF, { overMs: 500 });

    linux.change({ options: { forks: 50 } });
    linux.forks(pool, HALF, { overMs: 500 });
    linux.pass(2_000);
    const before = linux.open;
    linux.forks(pool, HALF, { overMs: 500 });
    linux.pass(1_000);

    assert.deepEqual([before, linux.open], [[], [`fork-burst: pool (pid ${pool})`]]);
  });

  it('keeps its incident open, be it with other options', () => {
    const linux = host(zombies);
    const parent = linux.spawn('supervisor');
    for (let each = 0; each < 30; each++) linux.tell(exit(linux.spawn('worker', { parent }), { at: linux.now }));
    linux.pass(70_000);

    linux.change({ options: { zombies: 10, ageSeconds: 20 } });
    linux.pass(120_000);

    assert.deepEqual(linux.told, ['opened']);
  });

  it('that is switched off lets its incident end, and begins anew when it is switched on', () => {
    const linux = host(forkBurst);
    const pool = linux.spawn('pool');
    linux.forks(pool, 2 * HALF, { overMs: 500 });
    linux.pass(1_000);

    linux.change({ isEnabled: false });
    for (let second = 0; second < 70; second++) linux.forks(pool, HALF, { overMs: 1_000 });
    const off = [...linux.told];
    linux.change({ isEnabled: true });
    linux.forks(pool, 2 * HALF, { overMs: 500 });
    linux.pass(1_000);

    assert.deepEqual(
      [off, linux.told],
      [
        ['opened', 'resolved'],
        ['opened', 'resolved', 'opened'],
      ],
    );
  });

  it('is over sooner, when the operator asks for that', () => {
    const linux = host(forkBurst);
    linux.forks(linux.spawn('pool'), 2 * HALF, { overMs: 500 });
    linux.pass(1_000);

    linux.change({ clearMs: 2_000 });
    linux.pass(9_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });
});
