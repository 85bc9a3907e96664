import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import { whoStallsWhom } from '../../../src/core/engine/who-stalls-whom.ts';
import { KERNEL_WORK } from '../../../src/core/model/stall.ts';
import { behind, NOW, SECOND, stall } from '../blame/stalls.ts';
import { exec, exit, fork, idle, limits, ran, reap, sample } from '../support/events.ts';

const API = 100;
const BATCH = 200;
const RECLAIM = KERNEL_WORK.indexOf('reclaim');

function host(): Engine {
  const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
  engine.observe({ kind: 'cgroup-made', at: NOW, cgroupId: API, path: '/system.slice/api.service' });
  engine.observe({ kind: 'cgroup-made', at: NOW, cgroupId: BATCH, path: '/system.slice/batch.service' });
  engine.observe({ kind: 'cgroup-made', at: NOW, cgroupId: 300, path: '/system.slice' });
  return engine;
}

function weigh(engine: Engine, cgroupId: number, cpuWeight: number): void {
  engine.observe(limits(cgroupId, { at: NOW, cpuWeight }));
}

/** Two processes that used so much, as two snapshots tell, and the tick that notes it. */
function run(engine: Engine, apiNs: number, batchNs: number, at = NOW): void {
  for (const [factor, when] of [
    [0, at],
    [1, at + 1_000],
  ] as const) {
    engine.observe({ kind: 'snapshot-begin', at: when });
    engine.observe(sample(11, { at: when, cgroupId: API, used: ran(1 + apiNs * factor) }));
    engine.observe(sample(22, { at: when, cgroupId: BATCH, used: ran(1 + batchNs * factor) }));
    engine.observe({ kind: 'snapshot-end', at: when });
  }
  engine.observe({ kind: 'tick', at: at + 1_000 });
}

const partsOf = (engine: Engine, at = NOW + 1_000) =>
  whoStallsWhom(engine, { windowMs: 10_000, victim: 'api.service' }, at).victims[0]?.parts ?? [];

describe('who stalls whom', () => {
  it('knows a holder by name, also one that has ended', () => {
    const engine = host();
    engine.observe(fork(33, 1, { at: NOW, cgroupId: BATCH }));
    engine.observe(exec(33, 'convert', { at: NOW, cgroupId: BATCH }));
    engine.observe(exit(33, { at: NOW, cgroupId: BATCH, comm: 'convert' }));
    engine.observe(reap(33, { at: NOW, cgroupId: BATCH }));

    engine.observe(behind(API, BATCH, SECOND, { holders: [{ pid: 33, ns: SECOND }] }));

    assert.deepEqual(partsOf(engine)[0]?.processes, [
      { pid: 33, comm: 'convert', exe: 'convert', seconds: 1, share: 1 },
    ]);
  });

  it('charges memory that had to be found to who grew, not to who is large and woke', () => {
    const engine = host();
    const large = 8 * 2 ** 30;
    for (let second = 0; second < 30; second++) {
      const at = NOW + second * 1_000;
      const db = { at, cgroupId: 300, anonymousBytes: large };
      engine.observe({ kind: 'snapshot-begin', at });
      engine.observe(sample(22, { at, cgroupId: BATCH, anonymousBytes: second * 10 * 2 ** 20 }));
      engine.observe(second % 7 === 0 ? sample(33, db) : idle(33, { at }));
      engine.observe({ kind: 'snapshot-end', at });
      engine.observe(stall(API, 'kernel', SECOND, { at, resource: 'memory', owner: { kind: 'kernel', id: RECLAIM } }));
    }

    const { victims } = whoStallsWhom(engine, { windowMs: 60_000, victim: 'api.service' }, NOW + 30_000);
    const memory = victims.find(({ resource }) => resource === 'memory');
    assert.deepEqual(
      memory?.parts.filter(({ seconds }) => seconds > 1).map(({ offender }) => offender),
      ['batch.service'],
    );
  });

  it('tells what the offender used above its fair share of what there was', () => {
    const engine = host();
    for (const cgroupId of [API, BATCH, 300]) weigh(engine, cgroupId, 100);
    run(engine, SECOND, 9 * SECOND);

    engine.observe(behind(API, BATCH, 8 * SECOND));

    assert.equal(partsOf(engine)[0]?.excessShare, 4 / 9);
  });

  it('goes by what was used within the window, not by what was before', () => {
    const engine = host();
    for (const cgroupId of [API, BATCH, 300]) weigh(engine, cgroupId, 100);
    run(engine, SECOND, 9 * SECOND, NOW - 40_000);
    run(engine, 2 * SECOND, 10 * SECOND);

    engine.observe(behind(API, BATCH, SECOND));

    assert.equal(partsOf(engine)[0]?.excessShare, 0);
  });
});

describe('a unit that was started again', () => {
  it('has the weight of the cgroup that there is, not of the one that was', () => {
    const engine = host();
    for (const cgroupId of [API, BATCH, 300]) weigh(engine, cgroupId, 100);
    const path = '/system.slice/batch.service';
    engine.observe({ kind: 'cgroup-removed', at: NOW, cgroupId: BATCH, path });
    engine.observe({ kind: 'cgroup-made', at: NOW, cgroupId: 201, path });
    weigh(engine, 201, 900);
    run(engine, SECOND, 9 * SECOND);

    engine.observe(behind(API, 201, 9 * SECOND));

    assert.equal(partsOf(engine)[0]?.excessShare, 0);
  });
});

describe('who stalls whom, where something is not known', () => {
  it('has no name for a process that nobody told of', () => {
    const engine = host();

    engine.observe(behind(API, BATCH, SECOND, { holders: [{ pid: 99, ns: SECOND }] }));

    assert.deepEqual(partsOf(engine)[0]?.processes, [{ pid: 99, comm: '', exe: '', seconds: 1, share: 1 }]);
  });

  it('does not take an unknown weight, or that of a cgroup above, for no excess', () => {
    for (const known of [[], [API, BATCH], [API, 300]]) {
      const engine = host();
      for (const cgroupId of known) weigh(engine, cgroupId, 100);
      run(engine, SECOND, 9 * SECOND);

      engine.observe(behind(API, BATCH, 8 * SECOND));

      assert.equal(partsOf(engine)[0]?.excessShare, Number.NaN);
    }
  });

  it('does not take what its own quota kept a victim from for a wish', () => {
    const engine = host();
    for (const cgroupId of [API, BATCH, 300]) weigh(engine, cgroupId, 100);
    run(engine, SECOND, 9 * SECOND);

    engine.observe(behind(API, BATCH, SECOND));
    engine.observe(stall(API, 'throttle', 7 * SECOND));

    assert.equal(partsOf(engine).find(({ cause }) => cause === 'neighbour')?.excessShare, 3 / 9 - 2 / 9);
  });

  it('says so: nothing was watched yet', () => {
    const answer = whoStallsWhom(host(), { windowMs: 30_000 }, NOW);

    assert.deepEqual(answer, { window: { asked: 30, covered: 0 }, coverage: Number.NaN, victims: [] });
  });
});
