import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import type { Event, ProcessSampleEvent } from '../../../src/core/model/event.ts';
import { exec, fork, ran, sample, threadSample } from '../support/events.ts';
import { page } from '../support/page.ts';

const ALL = { lifecycle: true, counts: true, fds: true };
const NONE = { lifecycle: false, counts: false, fds: false };
const WEB = { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' } as const;
const ROW = 'dash web.service unit';

describe('the gauges of a row', () => {
  it('are those of its members together, or of the worst of them', () => {
    const engine = after(
      ALL,
      WEB,
      ...snapshot(1, sample(20, { fds: 512 }), sample(21, { anonymousBytes: 5_000, state: 'running', fds: 10 })),
    );

    assert.deepEqual(
      page(
        engine.accounts.groups,
        'memory_resident_bytes',
        'memory_anonymous_bytes',
        'memory_swap_bytes',
        'memory_max_bytes',
        'open_fds',
        'fd_limit_ratio',
        'processes_running',
        'processes_sleeping',
      )[ROW],
      {
        memory_resident_bytes: 6_460,
        memory_anonymous_bytes: 6_000,
        memory_swap_bytes: 8,
        memory_max_bytes: 5_230,
        open_fds: 522,
        fd_limit_ratio: 0.5,
        processes_running: 1,
        processes_sleeping: 1,
      },
    );
  });

  it('are not known before a snapshot told them', () => {
    const engine = after(ALL, WEB, fork(20, 1), exec(20, 'dash'));

    assert.deepEqual(page(engine.accounts.groups, 'memory_resident_bytes', 'processes_running', 'open_fds')[ROW], {});
  });

  it('are nothing when the last member is gone, and of the worst member there is none', () => {
    const engine = after(ALL, WEB, ...snapshot(1, sample(20)), ...snapshot(2));

    assert.deepEqual(
      page(engine.accounts.groups, 'memory_resident_bytes', 'memory_max_bytes', 'processes_sleeping')[ROW],
      {
        memory_resident_bytes: 0,
        processes_sleeping: 0,
      },
    );
  });

  it('are not known of descriptors where one member hides them', () => {
    const engine = after(ALL, WEB, ...snapshot(1, sample(20), sample(21, { fds: Number.NaN })));

    assert.deepEqual(page(engine.accounts.groups, 'open_fds', 'fd_limit_ratio')[ROW], { fd_limit_ratio: 3 / 1_024 });
  });

  it('do not see a ratio where there is no limit', () => {
    const engine = after(ALL, WEB, ...snapshot(1, sample(20, { fdLimit: Number.POSITIVE_INFINITY })));

    assert.deepEqual(page(engine.accounts.groups, 'fd_limit_ratio')[ROW], { fd_limit_ratio: 0 });
  });

  it('count threads by state, the leader among them', () => {
    const engine = after(
      ALL,
      WEB,
      ...snapshot(1, sample(20, { threads: 3 }), threadSample(20, 21, { state: 'running' }), threadSample(20, 22)),
    );

    assert.deepEqual(page(engine.accounts.groups, 'threads_running', 'threads_sleeping', 'processes_sleeping')[ROW], {
      threads_running: 1,
      threads_sleeping: 2,
      processes_sleeping: 1,
    });
  });
});

describe('threads', () => {
  it('add what they used to their process', () => {
    const engine = after(
      ALL,
      WEB,
      fork(20, 1),
      exec(20, 'dash'),
      ...snapshot(1, sample(20, { used: ran(1e9) }), threadSample(20, 21, { used: ran(2e9) })),
      ...snapshot(2, sample(20, { used: ran(3e9) })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds')[ROW], { cpu_user_seconds: 3 });
  });
});

describe('a kernel thread', () => {
  it('is grouped by what it is, whatever it is called at the moment', () => {
    const kworker = (comm: string) => sample(20, { comm, exe: '', isKernelThread: true, cgroupId: 1 });
    const engine = after(ALL, ...snapshot(1, kworker('kworker/0:1')), ...snapshot(2, kworker('kworker/0:1-events')));

    assert.deepEqual(page(engine.accounts.groups, 'processes_sleeping'), {
      'kworker host host': { processes_sleeping: 1 },
    });
  });
});

describe('a process whose exec was lost', () => {
  it('is regrouped when a snapshot brings its name', () => {
    const engine = after(
      ALL,
      WEB,
      exec(20, 'bash'),
      ...snapshot(1, sample(20, { exe: '', comm: 'x' })),
      ...snapshot(2, sample(20, { exe: 'nginx' })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'processes_sleeping'), {
      'bash web.service unit': { processes_sleeping: 0 },
      'nginx web.service unit': { processes_sleeping: 1 },
    });
  });
});

describe('new rules', () => {
  it('regroup those who live at the next snapshot, and leave what was counted', () => {
    const engine = after(ALL, WEB, exec(20, 'dash'), ...snapshot(1, sample(20)));
    engine.accounts.setRules([{ name: 'shell', exe: /^(?:da|ba)sh$/u }]);
    for (const event of snapshot(2, sample(20))) engine.observe(event);

    assert.deepEqual(page(engine.accounts.groups, 'execs', 'processes_sleeping'), {
      [ROW]: { execs: 1, processes_sleeping: 0 },
      'shell web.service unit': { execs: 0, processes_sleeping: 1 },
    });
  });
});

describe('memory growth', () => {
  const growing = (bytesAt: (second: number) => number, seconds: number) => {
    const engine = after(ALL, WEB);
    for (let second = 0; second <= seconds; second++) {
      const at = second * 1_000;
      for (const event of snapshot(
        at,
        sample(20, { at, anonymousBytes: bytesAt(second), swapBytes: 0, sharedBytes: 0 }),
      ))
        engine.observe(event);
    }
    return page(engine.accounts.groups, 'memory_growth_bytes_per_second')[ROW]?.memory_growth_bytes_per_second;
  };

  it('is told in bytes per second', () => {
    assert.equal(
      growing((second) => second * 1_000, 100),
      1_000,
    );
  });

  it('is not garbage that comes and goes within seconds', () => {
    assert.equal(
      growing((second) => 1e6 + (second % 5) * 1e5, 100),
      0,
    );
  });

  it('is not known before half a minute', () => {
    assert.equal(
      growing((second) => second * 1_000, 20),
      undefined,
    );
  });

  it('is negative when memory is given back', () => {
    assert.equal(
      growing((second) => 1e6 - second * 1_000, 100),
      -1_000,
    );
  });
});

describe('without probes', () => {
  const poor = (pid: number, more: Partial<ProcessSampleEvent> = {}) =>
    sample(pid, { childrenUserNs: 0, childrenSystemNs: 0, threads: 2, fds: Number.NaN, ...more });

  it('what nobody can see has no number, not zero', () => {
    const engine = after(NONE, WEB, ...snapshot(1, poor(20)));
    const row = page(engine.accounts.groups, ...engine.accounts.groups.columnNames)[ROW];

    assert.deepEqual(Object.keys(row ?? {}), [
      'cpu_user_seconds',
      'cpu_system_seconds',
      'memory_resident_bytes',
      'memory_anonymous_bytes',
      'memory_swap_bytes',
      'memory_max_bytes',
      'processes_running',
      'processes_sleeping',
      'processes_uninterruptible',
      'processes_stopped',
      'processes_zombie',
    ]);
  });

  it('of workloads neither', () => {
    const engine = after(NONE, WEB, ...snapshot(1, poor(20)));

    assert.deepEqual(page(engine.accounts.workloads, ...engine.accounts.workloads.columnNames), {
      'web.service unit': {},
    });
  });

  it('children that lived between two snapshots count for who waited for them', () => {
    const engine = after(
      NONE,
      WEB,
      ...snapshot(1, poor(20)),
      ...snapshot(2, poor(20, { childrenUserNs: 3e9, childrenSystemNs: 1e9 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds', 'cpu_system_seconds')[ROW], {
      cpu_user_seconds: 3,
      cpu_system_seconds: 1,
    });
  });

  it('what was counted of a child is not counted again for its parent, be it waited for a moment later', () => {
    const child = (runtimeNs: number) =>
      poor(30, { parentPid: 20, parentStartedNs: 20, exe: 'cc', used: ran(runtimeNs) });
    const engine = after(
      NONE,
      WEB,
      ...snapshot(1, poor(20)),
      ...snapshot(2, poor(20), child(2e9)),
      ...snapshot(3, poor(20)),
      ...snapshot(4, poor(20, { childrenUserNs: 2.5e9 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds'), {
      'cc web.service unit': { cpu_user_seconds: 2 },
      [ROW]: { cpu_user_seconds: 0.5 },
    });
  });

  it('what children used before us is not counted', () => {
    const engine = after(
      NONE,
      WEB,
      ...snapshot(1, poor(20, { childrenUserNs: 9e9 })),
      ...snapshot(2, poor(20, { childrenUserNs: 9e9 })),
    );

    assert.deepEqual(page(engine.accounts.groups, 'cpu_user_seconds')[ROW], { cpu_user_seconds: 0 });
  });
});

function after(senses: typeof ALL, ...events: readonly Event[]): Engine {
  const engine = createEngine({ senses });
  for (const event of events) engine.observe(event);
  return engine;
}

function snapshot(at: number, ...samples: readonly Event[]): Event[] {
  return [{ kind: 'snapshot-begin', at }, ...samples, { kind: 'snapshot-end', at }];
}
