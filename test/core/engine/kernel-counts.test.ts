import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, snapshot, WEB } from '../support/engine.ts';
import { counts, exec, exit, fork, ran, reap, sample } from '../support/events.ts';
import { page } from '../support/page.ts';

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

  it('is there when the reap comes of a process against which it had been set', () => {
    const engine = after(
      WEB,
      fork(20, 1),
      exec(20, 'cc1'),
      exit(20, { used: ran(10e9) }),
      ...snapshot(1),
      counts(100, { lostUsage: ran(5e9) }),
      reap(20, { used: ran(10e9) }),
    );

    const rows = page(engine.accounts.groups, 'cpu_user_seconds');
    assert.deepEqual(
      [rows['cc* web.service unit'], rows['~unseen web.service unit']],
      [{ cpu_user_seconds: 10 }, { cpu_user_seconds: 5 }],
    );
  });

  it('is no row at all when more ended within a grace period than are remembered, and each reap came', () => {
    const pids = Array.from({ length: 400 }, (_, index) => 1_000 + index);
    const engine = after(
      WEB,
      ...snapshot(1, sample(1)),
      ...pids.flatMap((pid) => [fork(pid, 1), exec(pid, 'dash'), exit(pid, { used: ran(10e6) })]),
      ...snapshot(2, sample(1)),
      ...pids.map((pid) => reap(pid, { used: ran(11e6) })),
    );

    const rows = page(engine.accounts.groups, 'cpu_user_seconds');
    assert.deepEqual(
      [rows['dash web.service unit']?.cpu_user_seconds?.toFixed(6), rows['~unseen web.service unit']],
      ['4.400000', undefined],
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
