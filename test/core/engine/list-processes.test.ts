import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Best } from '../../../src/core/engine/best.ts';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { listProcesses, type ProcessPosition, type ProcessQuery } from '../../../src/core/engine/list-processes.ts';
import { behind, NOW, SECOND } from '../blame/stalls.ts';
import { after, DB, snapshot, WEB } from '../support/engine.ts';
import { exec, exit, fork, ran, reap, sample } from '../support/events.ts';

/** Five with more and more memory, two of them in the database's cgroup. */
function host(): Engine {
  return after(
    WEB,
    DB,
    ...snapshot(
      1_000,
      ...[10, 11, 12].map((pid) => sample(pid, { anonymousBytes: pid * 1_000 })),
      ...[13, 14].map((pid) => sample(pid, { anonymousBytes: pid * 1_000, cgroupId: 200, uid: 33, exe: 'postgres' })),
    ),
  );
}

function list(engine: Engine, query: Partial<ProcessQuery> = {}) {
  const { processes, matched, next } = listProcesses(engine, { sort: 'rss', limit: 100, ...query }, 1_000);
  return { pids: processes.map(({ pid }) => pid), matched, next };
}

describe('a list of processes', () => {
  it('has those who live, the largest first', () => {
    assert.deepEqual(list(host()), { pids: [14, 13, 12, 11, 10], matched: 5, next: undefined });
  });

  for (const [query, pids] of [
    [{ workload: 'db.service' }, [14, 13]],
    [{ group: 'dash' }, [12, 11, 10]],
    [{ uid: 33 }, [14, 13]],
    [{ uid: 0, workload: 'db.service' }, []],
    [{ namespace: 'shop' }, []],
    [{ workload: 'db' }, []],
  ] as const) {
    it(`has only who was asked for: ${JSON.stringify(query)}`, () => {
      assert.deepEqual(list(host(), query), { pids, matched: pids.length, next: undefined });
    });
  }

  it('has nobody who ended', () => {
    const engine = host();
    for (const event of [exit(14), reap(14, { at: 1_500 })]) engine.observe(event);

    assert.deepEqual(list(engine).pids, [13, 12, 11, 10]);
  });

  it('counts all that match, and shows as many as it may', () => {
    const { pids, matched } = list(host(), { limit: 2 });

    assert.deepEqual([pids, matched], [[14, 13], 5]);
  });

  it('goes on where it ended, until it ends', () => {
    const engine = host();
    const seen: number[] = [];

    let after: ProcessPosition | undefined;
    do {
      const page = list(engine, { limit: 2, after });
      seen.push(...page.pids);
      after = page.next;
    } while (after !== undefined);

    assert.deepEqual(seen, [14, 13, 12, 11, 10]);
  });

  it('goes on though the last one shown is gone, and skips nobody of the same size', () => {
    const engine = after(WEB, ...snapshot(1_000, ...[10, 11, 12, 13].map((pid) => sample(pid))));
    const { next } = list(engine, { limit: 2 });
    for (const event of [exit(11), reap(11, { at: 1_500 })]) engine.observe(event);

    assert.deepEqual(list(engine, { limit: 2, after: next }), { pids: [12, 13], matched: 3, next: undefined });
  });

  it('has those of whom nothing is known last, and goes on among them', () => {
    const engine = after(WEB, ...snapshot(1_000, sample(10)), fork(11, 10, { at: 1_200 }), fork(12, 10, { at: 1_300 }));

    const first = list(engine, { limit: 2 });
    const second = list(engine, { limit: 2, after: first.next });

    assert.deepEqual([first.pids, second.pids], [[10, 11], [12]]);
  });

  it('goes by who makes others wait, and not by who waits, or for whom its own wait', () => {
    const at = NOW + 1_500;
    const engine = after(WEB, DB, ...snapshot(NOW, sample(7, { cgroupId: 200 }), sample(8), sample(9)));
    engine.observe({ kind: 'switches', at: NOW, seen: 90, missed: 0 });
    engine.observe(behind(100, 200, SECOND, { holders: [{ pid: 7, ns: SECOND }] }));
    engine.observe(behind(100, 100, SECOND, { holders: [{ pid: 8, ns: SECOND }] }));

    const { processes } = listProcesses(engine, { sort: 'stall', limit: 2 }, at);

    const covered = engine.blame.coveredMs(at, 10_000) / 1_000;
    assert.deepEqual(
      processes.map(({ pid, stallRatio }) => [pid, stallRatio]),
      [
        [7, 1 / covered],
        [8, 0],
      ],
    );
  });

  it('does not charge a process with what the one before it with the same pid did', () => {
    const engine = after(WEB, DB, ...snapshot(NOW, sample(7, { cgroupId: 200 })));
    engine.observe({ kind: 'switches', at: NOW, seen: 90, missed: 0 });
    engine.observe(behind(100, 200, SECOND, { holders: [{ pid: 7, ns: SECOND }] }));
    for (const event of [exit(7, { at: NOW }), reap(7, { at: NOW }), fork(7, 1, { at: NOW, startedNs: 700 })])
      engine.observe(event);

    assert.equal(listProcesses(engine, { sort: 'stall', limit: 1 }, NOW + 1_500).processes[0]?.stallRatio, 0);
  });
});

describe('a row of the list', () => {
  it('says what is known, and redacts the command line', () => {
    const argv = Buffer.from('convert\0--password\0hunter2\0');
    const engine = after(
      WEB,
      ...snapshot(1_000, sample(10)),
      fork(20, 10, { at: 1_000 }),
      exec(20, 'convert', { argv }),
    );
    for (const event of snapshot(3_000, sample(20, { used: ran(1e9), exe: 'convert', comm: 'convert', uid: 5 })))
      engine.observe(event);

    const { processes } = listProcesses(engine, { sort: 'cpu', limit: 1 }, 3_000);

    assert.deepEqual(processes, [
      {
        pid: 20,
        startedNs: 20,
        comm: 'convert',
        exe: 'convert',
        argv: ['convert', '--password', '<redacted:7>'],
        uid: 5,
        group: 'convert',
        workload: { kind: 'unit', name: 'web.service' },
        state: 'sleeping',
        isKernelThread: false,
        parent: { pid: 10, startedNs: 10 },
        threads: 1,
        cpuSeconds: 1,
        residentBytes: 1_230,
        anonymousBytes: 1_000,
        swapBytes: 4,
        openFds: 3,
        fdLimit: 1_024,
        cpuRatio: 0.5,
        forksPerSecond: 0,
        growthBytesPerSecond: Number.NaN,
        stallRatio: Number.NaN,
      },
    ]);
  });
});

describe('the best of many', () => {
  it('are those that a sort of all would give', () => {
    const numbers = Array.from({ length: 500 }, (_, index) => (index * 7_919) % 499);
    const best = new Best<number>(20, (one, other) => other - one);

    for (const number of numbers) best.add(number);

    assert.deepEqual(best.items, numbers.toSorted((one, other) => other - one).slice(0, 20));
  });
});
