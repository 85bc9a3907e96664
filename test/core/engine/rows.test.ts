import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, DB, WEB } from '../support/engine.ts';
import { counts, exec, exit, fork, reap } from '../support/events.ts';
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
