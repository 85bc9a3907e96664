import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkBurst from '../../../src/core/detect/fork-burst.ts';
import pressure from '../../../src/core/detect/pressure.ts';
import zombies from '../../../src/core/detect/zombies.ts';
import type { Incident } from '../../../src/core/model/incident.ts';
import { exit } from '../support/events.ts';
import { host } from './host.ts';
import { Psi } from './psi.ts';

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

/** Of ten seconds, for a minute: before that nothing is told. */
describe('a detector that has not told yet what it sees, at a reload', () => {
  const CPU = { cpu: [0.6, 0] } as const;

  it('tells it in its time, where its options stay', () => {
    const linux = host(pressure);
    const psi = new Psi();
    psi.run(linux, 60, CPU);

    linux.change({ exclude: [{ workload: /^other/u }] });
    const before = [...linux.told];
    psi.run(linux, 20, CPU);

    assert.deepEqual([before, linux.told], [[], ['opened']]);
  });

  for (const [what, change] of [
    ['is switched off', { isEnabled: false }],
    ['is no longer asked about whom it sees', { exclude: [{ workload: /^host$/u }] }],
  ] as const) {
    it(`never tells it, where it ${what}`, () => {
      const linux = host(pressure);
      const psi = new Psi();
      psi.run(linux, 60, CPU);

      linux.change(change);
      psi.run(linux, 300, CPU);

      assert.deepEqual(linux.told, []);
    });
  }

  it('waits its whole time again, where it was switched off and on', () => {
    const linux = host(pressure);
    const psi = new Psi();
    psi.run(linux, 60, CPU);

    linux.change({ isEnabled: false });
    psi.run(linux, 4, CPU);
    linux.change({});
    psi.run(linux, 68, CPU);
    const before = [...linux.told];
    psi.run(linux, 8, CPU);

    assert.deepEqual([before, linux.told], [[], ['opened']]);
  });
});

describe('an incident of an earlier run that is still awaited, at a reload', () => {
  /** A window of five seconds, and a minute. */
  const AWAITED_MS = 65_000;

  /** The host of before, and what Culprit left open there. */
  function left(): Incident {
    const linux = host(forkBurst);
    linux.forks(linux.spawn('pool'), 2 * HALF, { overMs: 500 });
    linux.pass(1_000);
    return { ...structuredClone(linux.incidents[0]!), id: 'of before' };
  }

  /** The same host, watched by the next run. */
  function resumed() {
    const linux = host(forkBurst);
    const pool = linux.spawn('pool');
    linux.engine.ledger.resume([left()], linux.now);
    linux.pass(2_000);
    return { linux, pool };
  }

  it('is lost in its time, where its detector is switched off, and not opened again', () => {
    const { linux, pool } = resumed();

    linux.change({ isEnabled: false });
    linux.forks(pool, 2 * HALF, { overMs: 500 });
    linux.pass(AWAITED_MS - 5_000);
    const before = [...linux.told];
    linux.pass(10_000);

    assert.deepEqual([before, linux.told, linux.open], [[], ['lost'], []]);
  });

  for (const [what, changes] of [
    ['is switched off and on', [{ isEnabled: false }, {}]],
    ['gets other options', [{ options: { forks: 50 } }]],
  ] as const) {
    it(`goes on as the same, where its detector ${what} before it sees it`, () => {
      const { linux, pool } = resumed();

      for (const change of changes) {
        linux.change(change);
        linux.pass(2_000);
      }
      linux.forks(pool, 2 * HALF, { overMs: 500 });
      linux.pass(30_000);

      assert.deepEqual([linux.told, linux.incidents.map(({ id }) => id)], [[], ['of before']]);
    });
  }
});
