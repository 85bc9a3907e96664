import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, DB, snapshot, WEB } from '../support/engine.ts';
import { counts, exec, exit, fork, reap, sample } from '../support/events.ts';
import { page } from '../support/page.ts';

describe('a cgroup whose path comes late', () => {
  it('is counted under its id, and renamed', () => {
    const engine = after();
    engine.observe(exec(20, 'nginx'));
    const before = page(engine.accounts.groups, 'execs');
    engine.observe(WEB);
    engine.observe(exec(21, 'nginx'));

    assert.deepEqual(
      [before, page(engine.accounts.groups, 'execs'), page(engine.accounts.workloads)],
      [
        { 'nginx cgroup:100 cgroup': { execs: 1 } },
        { 'nginx web.service unit': { execs: 2 } },
        { 'web.service unit': {} },
      ],
    );
  });

  it('is added to the workload that it turns out to be a part of', () => {
    const engine = after(
      WEB,
      exec(20, 'nginx'),
      exec(30, 'nginx', { cgroupId: 101 }),
      counts(100, { threads: 1 }),
      counts(101, { threads: 2 }),
      { ...WEB, cgroupId: 101, path: '/system.slice/web.service/workers' },
      exec(31, 'nginx', { cgroupId: 101 }),
      exit(30, { cgroupId: 101 }),
    );

    assert.deepEqual(
      [page(engine.accounts.groups, 'execs', 'exits_ok'), page(engine.accounts.workloads, 'thread_starts')],
      [{ 'nginx web.service unit': { execs: 3, exits_ok: 1 } }, { 'web.service unit': { thread_starts: 3 } }],
    );
  });

  it('that is the root of the hierarchy is known without', () => {
    const engine = after(exec(20, 'nginx', { cgroupId: 1 }));

    assert.deepEqual(page(engine.accounts.groups, 'execs'), { 'nginx host host': { execs: 1 } });
  });
});

describe('a row', () => {
  const life = [WEB, fork(20, 1, { at: 1_000 }), exec(20, 'cron', { at: 1_000 })];

  it('without members is kept for ten minutes, and begins anew when they return', () => {
    const engine = after(...life, exit(20, { at: 2_000 }), reap(20, { at: 2_000 }));
    engine.observe({ kind: 'tick', at: 601_000 });
    const kept = Object.keys(page(engine.accounts.groups));
    engine.observe({ kind: 'tick', at: 603_001 });
    const closed = Object.keys(page(engine.accounts.groups));
    engine.observe(exec(21, 'cron', { at: 700_000 }));

    assert.deepEqual(
      [
        kept,
        closed,
        page(engine.accounts.groups, 'execs'),
        engine.accounts.groups.openedAt[engine.accounts.groups.live[0]!],
      ],
      [['cron web.service unit', 'sh web.service unit'], [], { 'cron web.service unit': { execs: 1 } }, 700_000],
    );
  });

  it('with a member is kept, however little that does', () => {
    const engine = after(...life);
    engine.observe({ kind: 'tick', at: 1e9 });

    assert.deepEqual(Object.keys(page(engine.accounts.groups)), ['cron web.service unit']);
  });
});

describe('more groups or workloads than there is room for', () => {
  it('are counted in ~other from the start, with nothing lost', () => {
    const engine = after({ options: { groupsMax: 2, workloadsMax: 1 } }, WEB, DB);
    for (const [index, exe] of ['a', 'b', 'c', 'd'].entries()) engine.observe(exec(20 + index, exe));
    engine.observe(exec(30, 'a', { cgroupId: 200 }));

    assert.deepEqual(page(engine.accounts.groups, 'execs'), {
      'a web.service unit': { execs: 1 },
      'a ~other other': { execs: 1 },
      'b web.service unit': { execs: 1 },
      '~other web.service unit': { execs: 2 },
    });
  });

  it('make those give way that did nothing for a minute, with their values and members', () => {
    const engine = after({ options: { groupsMax: 2 } }, WEB, exec(20, 'idle', { at: 0 }), exec(21, 'busy', { at: 0 }));
    engine.observe(exec(22, 'busy', { at: 70_000 }));
    engine.observe(exec(23, 'late', { at: 70_000 }));
    engine.observe({ kind: 'tick', at: 71_000 });
    engine.observe(exec(24, 'late', { at: 72_000 }));
    engine.observe(exit(20, { at: 73_000 }));

    assert.deepEqual(
      [page(engine.accounts.groups, 'execs', 'exits_ok'), engine.stats().overflow.groups],
      [
        {
          'busy web.service unit': { execs: 2, exits_ok: 0 },
          'late web.service unit': { execs: 1, exits_ok: 0 },
          '~other web.service unit': { execs: 2, exits_ok: 1 },
        },
        2,
      ],
    );
  });

  it('do not drive out those that are at work', () => {
    const engine = after(
      { options: { groupsMax: 1 } },
      WEB,
      exec(20, 'busy', { at: 70_000 }),
      exec(21, 'late', { at: 70_000 }),
    );
    engine.observe({ kind: 'tick', at: 71_000 });

    assert.deepEqual(Object.keys(page(engine.accounts.groups)), ['busy web.service unit', '~other web.service unit']);
  });
});

describe('groups that there was no row for', () => {
  it('do not take the room of others when there are rows again', () => {
    const lives = (exe: string, pid: number, at: number, cgroupId = 100) => [
      exec(pid, exe, { at, cgroupId }),
      exit(pid, { at, cgroupId }),
      reap(pid, { at, cgroupId }),
    ];
    const engine = after(
      { options: { rowsMax: 2, groupsMax: 3 } },
      WEB,
      DB,
      ...lives('a', 20, 1),
      ...lives('a', 21, 1, 200),
    );
    for (const [index, exe] of ['b', 'c', 'd', 'e'].entries())
      for (const event of lives(exe, 30 + index, 2)) engine.observe(event);
    engine.observe({ kind: 'tick', at: 3_600_000 });
    for (const event of [...lives('one', 40, 3_600_001), ...lives('two', 41, 3_600_002)]) engine.observe(event);

    assert.deepEqual(Object.keys(page(engine.accounts.groups)).sort(), [
      'one web.service unit',
      'two web.service unit',
    ]);
  });
});

describe('a cgroup that is removed while a zombie is left in it', () => {
  const zombie = (at: number) => sample(20, { at, exe: 'nginx', state: 'zombie' });
  const removed = { ...WEB, kind: 'cgroup-removed', at: 10 } as const;

  it('is known by its name until that was waited for, and forgotten then', () => {
    const engine = after(WEB, ...snapshot(1, zombie(1)), removed);
    for (let at = 100_000; at <= 1_500_000; at += 100_000)
      for (const event of [...snapshot(at, zombie(at)), { kind: 'tick', at } as const]) engine.observe(event);
    const before = engine.accounts.workloadOf(engine.tree.get(20)!)?.name;

    for (const event of [reap(20, { at: 1_500_000 }), { kind: 'tick', at: 2_200_000 } as const]) engine.observe(event);
    assert.deepEqual([before, engine.accounts.pathOfCgroup(100)], ['web.service', '']);
  });
});

describe('a cgroup that was told to be gone and is there again', () => {
  it('is not forgotten ten minutes later', () => {
    const engine = after(
      WEB,
      exec(20, 'nginx'),
      counts(100, { at: 1, threads: 1_000 }),
      { ...WEB, kind: 'cgroup-removed', at: 10 },
      { ...WEB, at: 20 },
      { kind: 'tick', at: 700_000 },
      counts(100, { at: 700_001, threads: 1_001 }),
    );

    assert.deepEqual(page(engine.accounts.workloads, 'thread_starts'), {
      'web.service unit': { thread_starts: 1_001 },
    });
  });
});
