import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Engine } from '../../../src/core/engine/engine.ts';
import { listWorkloads, type WorkloadPosition, type WorkloadQuery } from '../../../src/core/engine/list-workloads.ts';
import { pressures } from '../../../src/core/engine/pressures.ts';
import type { Event } from '../../../src/core/model/event.ts';
import { EVENTS } from '../../recording/events.ts';
import { behind, SECOND } from '../blame/stalls.ts';
import { after, DB, snapshot, WEB } from '../support/engine.ts';
import { sample } from '../support/events.ts';

const LIMITS = EVENTS['cgroup-limits'] as Extract<Event, { kind: 'cgroup-limits' }>;
const CPU_OF_WEB = { kind: 'pressure', cgroupId: 100, resource: 'cpu' } as const;

/** Two processes in the one, three in the other; time passes, second by second, to `until`. */
function host(until = 0, each: (at: number) => readonly Event[] = () => []): Engine {
  const engine = after(
    WEB,
    DB,
    ...snapshot(
      1_000,
      ...[10, 11].map((pid) => sample(pid, { anonymousBytes: 5_000, fileBytes: 0, sharedBytes: 0 })),
      ...[20, 21, 22].map((pid) => sample(pid, { cgroupId: 200, anonymousBytes: 1_000, fileBytes: 0, sharedBytes: 0 })),
    ),
  );
  for (let at = 2_000; at <= until; at += 1_000) {
    for (const event of each(at)) engine.observe(event);
    engine.observe({ kind: 'tick', at });
  }
  return engine;
}

function names(engine: Engine, query: Partial<WorkloadQuery> = {}, at = 1_000) {
  const { workloads } = listWorkloads(engine, { sort: 'processes', limit: 10, ...query }, at);
  return workloads.map(({ workload }) => workload.name);
}

describe('a list of workloads', () => {
  it('has those in which something lives, the most first', () => {
    assert.deepEqual(names(host()), ['db.service', 'web.service']);
    assert.deepEqual(names(host(), { sort: 'memory' }), ['web.service', 'db.service']);
    assert.deepEqual(names(host(), { kind: 'pod' }), []);
    assert.deepEqual(names(host(), { namespace: 'shop' }), []);
  });

  it('goes on where it ended, until it ends', () => {
    const engine = host();
    const seen: string[] = [];

    let position: WorkloadPosition | undefined;
    do {
      const page = listWorkloads(engine, { sort: 'processes', limit: 1, after: position }, 1_000);
      seen.push(...page.workloads.map(({ workload }) => workload.name));
      position = page.next;
    } while (position !== undefined);

    assert.deepEqual(seen, ['db.service', 'web.service']);
  });

  it('says who waits behind whom, and of whom it does not know', () => {
    const engine = host();
    const blind = listWorkloads(engine, { sort: 'stall', limit: 10 }, 1_000).workloads;
    engine.observe({ kind: 'switches', at: 60_000, seen: 90, missed: 0 });
    engine.observe({ ...behind(100, 200, SECOND), at: 60_000 } as Event);
    engine.observe({ ...behind(100, 100, SECOND), at: 60_000 } as Event);
    const at = 61_000;

    const seen = listWorkloads(engine, { sort: 'stall', limit: 10 }, at).workloads;

    const ratio = 1_000 / engine.blame.coveredMs(at, 10_000);
    assert.ok(blind.every(({ stallCausedRatio }) => Number.isNaN(stallCausedRatio)));
    assert.deepEqual(
      seen.map(({ workload, stallCausedRatio, stallSufferedRatio }) => [
        workload.name,
        stallCausedRatio,
        stallSufferedRatio,
      ]),
      [
        ['db.service', ratio, 0],
        ['web.service', 0, ratio],
      ],
    );
  });

  it('says how often a quota held one back lately, not since the start', () => {
    const engine = host(40_000, (at) => [
      { ...LIMITS, at, periods: at / 100, throttledPeriods: Math.min(at, 20_000) / 100 },
    ]);
    const ratioOf = (at: number) =>
      listWorkloads(engine, { sort: 'throttled', limit: 1 }, at).workloads.map(({ workload, throttledRatio }) => [
        workload.name,
        throttledRatio,
      ]);

    assert.deepEqual(ratioOf(40_000), [['web.service', 0]]);
    const busy = host(20_000, (at) => [{ ...LIMITS, at, periods: at / 100, throttledPeriods: at / 200 }]);
    assert.equal(
      listWorkloads(busy, { sort: 'throttled', limit: 1 }, 20_000).workloads[0]?.throttledRatio.toFixed(3),
      '0.500',
    );
  });
});

describe('pressure', () => {
  it('is told in all, and as a share of the last ten seconds, of the host and of each workload', () => {
    const engine = host(30_000, (at) => [
      { ...CPU_OF_WEB, at, someSeconds: at / 4_000, fullSeconds: 0 },
      { ...CPU_OF_WEB, at, cgroupId: 0, someSeconds: at / 2_000, fullSeconds: 0 },
    ]);

    const { host: all, workloads, matched } = pressures(engine, { limit: 10 }, 30_000);

    assert.deepEqual(
      [all.cpu.some, workloads.map(({ name, pressures: { cpu } }) => [name, cpu.some]), matched],
      [{ seconds: 15, share: 0.5 }, [['web.service', { seconds: 7.5, share: 0.25 }]], 1],
    );
  });

  it('is over when it is over', () => {
    const engine = host(40_000, (at) => [
      { ...CPU_OF_WEB, at, someSeconds: Math.min(at, 20_000) / 4_000, fullSeconds: 0 },
    ]);

    const [web] = pressures(engine, { limit: 10 }, 40_000).workloads;

    assert.deepEqual(web?.pressures.cpu.some, { seconds: 5, share: 0 });
  });

  it('is not known where no file tells it, and has no share before time has passed', () => {
    const engine = host(2_000, (at) => [{ ...CPU_OF_WEB, at, someSeconds: 1, fullSeconds: 0 }]);

    const { host: all, workloads } = pressures(engine, { limit: 10 }, 2_000);

    assert.deepEqual(all.memory.full, { seconds: Number.NaN, share: Number.NaN });
    assert.deepEqual(workloads[0]?.pressures.cpu.some, { seconds: 1, share: Number.NaN });
  });
});
