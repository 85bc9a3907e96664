import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AccountOptions } from '../../../src/core/account/books.ts';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import type { Event } from '../../../src/core/model/event.ts';
import { counts, exec, exit, fork, ran, reap, sample } from '../support/events.ts';
import { page } from '../support/page.ts';

const ALL = { lifecycle: true, counts: true, fds: true };
const WEB = { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' } as const;
const DB = { kind: 'cgroup-made', at: 0, cgroupId: 200, path: '/system.slice/db.service' } as const;

describe('a process that no snapshot ever met', () => {
  it('counts in full: its fork for the parent, the rest for what it ran', () => {
    const engine = after(
      WEB,
      fork(10, 1, { comm: 'bash' }),
      exec(10, 'bash'),
      fork(20, 10),
      exec(20, 'convert'),
      exit(20, { reason: 'error', used: ran(2e9) }),
      reap(20, { used: ran(2.5e9) }),
    );

    assert.deepEqual(page(engine.accounts.groups, 'forks', 'execs', 'exits_error', 'cpu_user_seconds'), {
      'bash web.service unit': { forks: 2, execs: 1, exits_error: 0, cpu_user_seconds: 0 },
      'convert web.service unit': { forks: 0, execs: 1, exits_error: 1, cpu_user_seconds: 2.5 },
    });
  });

  it('counts in the cgroup of the child when it was born into another', () => {
    const engine = after(WEB, DB, exec(10, 'bash'), fork(20, 10, { cgroupId: 200 }));

    assert.deepEqual(page(engine.accounts.groups, 'forks'), {
      'bash db.service unit': { forks: 1 },
      'bash web.service unit': { forks: 0 },
    });
  });

  it('is an example of its lifetime, the last of its kind', () => {
    const engine = after(
      WEB,
      exec(10, 'a'),
      exit(10, { lifetimeNs: 5e6, comm: 'a', at: 3 }),
      exit(11, { lifetimeNs: 6e6, comm: 'b', at: 4 }),
    );
    const slot = engine.accounts.workloads.live[0]!;

    assert.deepEqual(
      [engine.accounts.exemplarOf(slot, 1), engine.accounts.exemplarOf(slot, 2)],
      [{ pid: 11, comm: 'b', lifetimeSeconds: 0.006, at: 4 }, undefined],
    );
  });
});

describe('CPU', () => {
  it('that was used before we looked is not counted, what comes after is', () => {
    const engine = after(
      WEB,
      ...snapshot(1, sample(20, { used: ran(9e9) })),
      ...snapshot(2, sample(20, { used: ran(10e9) })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds'), {
      'dash web.service unit': { cpu_user_seconds: 1 },
    });
  });

  it('of a process whose fork was lost counts in full: it is younger than we are', () => {
    const engine = after(WEB, ...snapshot(1, sample(20)), ...snapshot(2, sample(20), sample(30, { used: ran(3e9) })));

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds'), {
      'dash web.service unit': { cpu_user_seconds: 3 },
    });
  });

  it('of both modes never falls, however the ticks fell', () => {
    const used = (userNs: number, systemNs: number, runtimeNs: number) => ({ ...ran(runtimeNs), userNs, systemNs });
    const engine = after(WEB, fork(20, 1), exec(20, 'dash'));
    const seen = [used(1, 1, 2e9), used(9, 1, 2e9 + 10), used(9, 9, 6e9), used(0, 0, 6e9)].map((of, index) => {
      for (const event of snapshot(index + 1, sample(20, { used: of }))) engine.observe(event);
      return page(engine.accounts.groups, 'cpu_user_seconds', 'cpu_system_seconds')['dash web.service unit'];
    });

    assert.deepEqual(
      seen.map((row) => [row?.cpu_user_seconds?.toFixed(3), row?.cpu_system_seconds?.toFixed(3)]),
      [
        ['1.000', '1.000'],
        ['1.000', '1.000'],
        ['3.000', '3.000'],
        ['3.000', '3.000'],
      ],
    );
  });

  it('stays where it was used when the process moves on', () => {
    const engine = after(
      WEB,
      DB,
      fork(20, 1),
      exec(20, 'dash'),
      ...snapshot(1, sample(20, { used: ran(1e9) })),
      { kind: 'cgroup-entered', at: 1, pid: 20, startedNs: 20, cgroupId: 200, path: '/system.slice/db.service' },
      ...snapshot(2, sample(20, { used: ran(3e9), cgroupId: 200 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds', 'processes_sleeping'), {
      'dash db.service unit': { cpu_user_seconds: 2, processes_sleeping: 1 },
      'dash web.service unit': { cpu_user_seconds: 1, processes_sleeping: 0 },
      'sh web.service unit': { cpu_user_seconds: 0, processes_sleeping: 0 },
    });
  });
});

describe('what the ring lost', () => {
  it('is in ~unseen of its workload', () => {
    const lost = { forks: 3, execs: 2, exits: [1, 0, 1, 0] };
    const engine = after(WEB, counts(100, { ...lost, lost, lostUsage: ran(4e9) }));

    assert.deepEqual(page(engine.accounts.groups, 'forks', 'execs', 'exits_ok', 'exits_signal', 'cpu_user_seconds'), {
      '~unseen web.service unit': { forks: 3, execs: 2, exits_ok: 1, exits_signal: 1, cpu_user_seconds: 4 },
    });
  });

  it('is not counted twice when a part of it had been seen', () => {
    const engine = after(
      WEB,
      fork(20, 1),
      exec(20, 'dash'),
      ...snapshot(1, sample(20, { used: ran(3e9) })),
      ...snapshot(2),
      counts(100, { lostUsage: ran(4e9) }),
    );

    const rows = page(engine.accounts.groups, 'cpu_user_seconds');
    assert.deepEqual(
      [rows['dash web.service unit'], rows['~unseen web.service unit']],
      [{ cpu_user_seconds: 3 }, { cpu_user_seconds: 1 }],
    );
  });

  it('is no row at all when nothing was lost', () => {
    const engine = after(WEB, counts(100, { forks: 5, threads: 2 }));

    assert.deepEqual(page(engine.accounts.groups, 'forks'), {});
  });
});

describe("the kernel's counts", () => {
  it('add up over the cgroups of a workload, each by what is new', () => {
    const inner = { ...WEB, cgroupId: 101, path: '/system.slice/web.service/workers' };
    const engine = after(
      WEB,
      inner,
      counts(100, {
        threads: 5,
        runDelayNs: 1e9,
        oomKills: 1,
        lifetimes: [1, 0, 0, 0, 0, 0, 0, 0, 2],
        lifetimeNs: 4e9,
      }),
      counts(101, { threads: 7 }),
      counts(100, {
        threads: 6,
        runDelayNs: 1.5e9,
        oomKills: 1,
        lifetimes: [1, 0, 0, 0, 0, 0, 0, 0, 3],
        lifetimeNs: 5e9,
      }),
    );

    assert.deepEqual(
      page(
        engine.accounts.workloads,
        'thread_starts',
        'run_delay_seconds',
        'oom_kills',
        'lifetime_0',
        'lifetime_8',
        'lifetime_seconds',
      ),
      {
        'web.service unit': {
          thread_starts: 13,
          run_delay_seconds: 1.5,
          oom_kills: 1,
          lifetime_0: 1,
          lifetime_8: 3,
          lifetime_seconds: 5,
        },
      },
    );
  });

  it('of cgroups that the kernel had no room for are ~other', () => {
    const engine = after(counts(0, { threads: 4, lost: { forks: 1, execs: 0, exits: [0, 0, 0, 0] } }));

    assert.deepEqual(
      [page(engine.accounts.workloads, 'thread_starts'), page(engine.accounts.groups, 'forks')],
      [{ '~other other': { thread_starts: 4 } }, { '~unseen ~other other': { forks: 1 } }],
    );
  });
});

describe('a cgroup whose path comes late', () => {
  it('is counted under its id, and renamed', () => {
    const engine = createEngine({ senses: ALL });
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

function after(...events: readonly (Event | { readonly options: Partial<AccountOptions> })[]): Engine {
  const [first] = events;
  const engine = createEngine({ senses: ALL, ...(first !== undefined && 'options' in first ? first.options : {}) });
  for (const event of events) if ('kind' in event) engine.observe(event);
  return engine;
}

function snapshot(at: number, ...samples: readonly Event[]): Event[] {
  return [{ kind: 'snapshot-begin', at }, ...samples, { kind: 'snapshot-end', at }];
}
