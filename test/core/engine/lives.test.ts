import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after, DB, snapshot, WEB } from '../support/engine.ts';
import { exec, exit, fork, ran, reap, sample } from '../support/events.ts';
import { page } from '../support/page.ts';

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

describe('a process that a snapshot meets before the ring tells of its birth', () => {
  const before = snapshot(0);
  const born = { exe: '', parentPid: 10, parentStartedNs: 10 };

  it('is in the group of who forked it, whatever it calls itself', () => {
    const engine = after(
      WEB,
      ...before,
      exec(10, 'busybox'),
      ...snapshot(1, sample(20, { ...born, comm: 'usleep' }), fork(20, 10)),
      exit(20, { used: ran(1e9) }),
    );

    assert.deepEqual(page(engine.accounts.groups, 'forks', 'exits_ok', 'cpu_user_seconds'), {
      'busybox web.service unit': { forks: 1, exits_ok: 1, cpu_user_seconds: 1 },
    });
  });

  it('is so too when who forked it was met before its own exec was told', () => {
    const engine = after(
      WEB,
      ...before,
      exec(10, 'runc'),
      ...snapshot(1, sample(10, { exe: '' }), sample(20, born), exec(10, 'busybox'), fork(20, 10)),
      exit(20),
    );

    assert.deepEqual(page(engine.accounts.groups, 'exits_ok'), {
      'runc web.service unit': { exits_ok: 0 },
      'busybox web.service unit': { exits_ok: 1 },
    });
  });

  it('is in that of what it runs, when a snapshot tells what that is, because the ring lost all of it', () => {
    const engine = after(
      WEB,
      ...before,
      exec(10, 'busybox'),
      ...snapshot(1, sample(20, { ...born, comm: 'convert' })),
      ...snapshot(2, sample(20, { ...born, comm: 'convert', exe: 'convert' })),
      exit(20),
    );

    assert.deepEqual(page(engine.accounts.groups, 'exits_ok'), {
      'busybox web.service unit': { exits_ok: 0 },
      'convert web.service unit': { exits_ok: 1 },
    });
  });

  it('is in that of what it runs, when it runs something else by then', () => {
    const engine = after(
      WEB,
      ...before,
      exec(10, 'busybox'),
      ...snapshot(1, sample(20, { ...born, comm: 'convert' }), fork(20, 10), exec(20, 'convert')),
      exit(20),
    );

    assert.deepEqual(page(engine.accounts.groups, 'exits_ok'), {
      'busybox web.service unit': { exits_ok: 0 },
      'convert web.service unit': { exits_ok: 1 },
    });
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
