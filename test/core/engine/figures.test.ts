import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from '../../../src/core/engine/engine.ts';
import type { Event, PressureEvent } from '../../../src/core/model/event.ts';
import { hostTold, limits } from '../support/events.ts';
import { page } from '../support/page.ts';

const MADE: readonly Event[] = [
  { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' },
  { kind: 'cgroup-made', at: 0, cgroupId: 101, path: '/system.slice/web.service/workers' },
];

describe('pressure', () => {
  it('of a workload is that of its topmost cgroup, which includes the others', () => {
    const engine = after(pressure(100, 3, 1), pressure(101, 2, 1), pressure(100, 4, 1));

    assert.deepEqual(page(engine.accounts.workloads, 'pressure_memory_some_seconds', 'pressure_memory_full_seconds'), {
      'web.service unit': { pressure_memory_some_seconds: 4, pressure_memory_full_seconds: 1 },
    });
  });

  it('adds up when a workload begins again in a new cgroup', () => {
    const again = { kind: 'cgroup-made', at: 0, cgroupId: 102, path: '/system.slice/web.service' } as const;
    const engine = after(
      pressure(100, 3, 1),
      { kind: 'cgroup-removed', at: 0, cgroupId: 100, path: '/system.slice/web.service' },
      again,
      pressure(102, 2, 0),
    );

    assert.deepEqual(page(engine.accounts.workloads, 'pressure_memory_some_seconds'), {
      'web.service unit': { pressure_memory_some_seconds: 5 },
    });
  });

  it('of the host is told as it is, since boot', () => {
    const engine = after(pressure(0, 33, Number.NaN), hostTold({ taskStarts: 4_711 }));

    assert.deepEqual(page(engine.accounts.host, ...engine.accounts.host.columnNames), {
      '': { task_starts: 4_711, pressure_memory_some_seconds: 33 },
    });
  });

  it('that this kernel does not tell is not known', () => {
    const engine = after(pressure(100, 3, Number.NaN));

    assert.deepEqual(page(engine.accounts.workloads, 'pressure_memory_full_seconds', 'pressure_irq_full_seconds'), {
      'web.service unit': {},
    });
  });
});

describe('limits', () => {
  it('are told of the whole workload, being held back of each of its cgroups', () => {
    const engine = after(
      limits(100, { throttledSeconds: 1, periods: 10, throttledPeriods: 2, memoryLimitBytes: 2 ** 30 }),
      limits(101, { throttledSeconds: 2, periods: 5, throttledPeriods: 1, memoryLimitBytes: 2 ** 20 }),
      limits(100, { throttledSeconds: 1.5, periods: 12, throttledPeriods: 3, memoryLimitBytes: 2 ** 31 }),
    );

    assert.deepEqual(
      page(engine.accounts.workloads, 'throttled_seconds', 'cpu_periods', 'throttled_periods', 'memory_limit_bytes'),
      {
        'web.service unit': {
          throttled_seconds: 3.5,
          cpu_periods: 17,
          throttled_periods: 4,
          memory_limit_bytes: 2 ** 31,
        },
      },
    );
  });

  it('that are none have no number', () => {
    const engine = after(limits(100, {}));

    assert.deepEqual(page(engine.accounts.workloads, 'throttled_seconds', 'memory_limit_bytes'), {
      'web.service unit': {},
    });
  });

  it('tell of kills only where the kernel does not count them for us', () => {
    const [probes, files] = [true, false].map((counts) => {
      const engine = createEngine({ senses: { lifecycle: counts, counts, fds: true } });
      for (const event of [...MADE, limits(100, { oomKills: 3 })]) engine.observe(event);
      return page(engine.accounts.workloads, 'oom_kills')['web.service unit'];
    });

    assert.deepEqual([probes, files], [{ oom_kills: 0 }, { oom_kills: 3 }]);
  });
});

describe('a tick', () => {
  it('alone makes nothing', () => {
    const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
    engine.observe({ kind: 'tick', at: 1e9 });

    assert.deepEqual(
      [page(engine.accounts.groups), page(engine.accounts.workloads), engine.stats().events.tick],
      [{}, {}, 1],
    );
  });
});

function after(...events: readonly Event[]) {
  const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
  for (const event of [...MADE, ...events]) engine.observe(event);
  return engine;
}

function pressure(cgroupId: number, someSeconds: number, fullSeconds: number): PressureEvent {
  return { kind: 'pressure', at: 0, cgroupId, resource: 'memory', someSeconds, fullSeconds };
}
