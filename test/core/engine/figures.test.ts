import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
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

  it('may be of CPUs, of memory that is reclaimed from, and of tasks', () => {
    const engine = after(
      limits(100, { cpuQuotaCores: 1.5, memoryHighBytes: 7, pidsMax: 9 }),
      limits(101, { cpuQuotaCores: 0.5, pidsMax: 3 }),
    );

    assert.deepEqual(page(engine.accounts.workloads, 'cpu_quota_cores', 'memory_high_bytes', 'pids_limit'), {
      'web.service unit': { cpu_quota_cores: 1.5, memory_high_bytes: 7, pids_limit: 9 },
    });
  });

  it('that are lifted have no number any more', () => {
    const engine = after(limits(100, { pidsMax: 9, memoryLimitBytes: 7 }), limits(100, { pids: 1 }));

    assert.deepEqual(page(engine.accounts.workloads, 'pids_limit', 'memory_limit_bytes'), { 'web.service unit': {} });
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

describe('what a workload uses', () => {
  const AGAIN = { kind: 'cgroup-made', at: 0, cgroupId: 102, path: '/system.slice/web.service' } as const;
  const GONE = { kind: 'cgroup-removed', at: 1, cgroupId: 100, path: '/system.slice/web.service' } as const;
  const USED = { memoryBytes: 4_096, anonymousBytes: 1_024, pids: 3, cpuUsageSeconds: 2, ioReadBytes: 512 };

  it('is what its topmost cgroup uses, which includes the others', () => {
    const engine = after(limits(100, USED), limits(101, { memoryBytes: 1_024, pids: 1, cpuUsageSeconds: 1 }));

    assert.deepEqual(usage(engine), {
      'web.service unit': {
        memory_usage_bytes: 4_096,
        memory_anonymous_bytes: 1_024,
        pids: 3,
        cpu_usage_seconds: 2,
        io_read_bytes: 512,
      },
    });
  });

  it('goes up and down, but for what is counted', () => {
    const engine = after(limits(100, USED), limits(100, { memoryBytes: 1_000, pids: 1, cpuUsageSeconds: 3 }));

    const { memory_usage_bytes, pids, cpu_usage_seconds } = usage(engine)['web.service unit']!;
    assert.deepEqual([memory_usage_bytes, pids, cpu_usage_seconds], [1_000, 1, 3]);
  });

  it('is the sum over its cgroups while there are two, and what it had used stays counted', () => {
    const first = after(limits(100, USED), AGAIN, limits(102, { ...USED, pids: 2 }));
    const then = after(limits(100, USED), AGAIN, limits(102, { ...USED, pids: 2 }), GONE);

    assert.deepEqual(
      [first, then].map((engine) => {
        const { memory_usage_bytes, pids, cpu_usage_seconds, io_read_bytes } = usage(engine)['web.service unit']!;
        return [memory_usage_bytes, pids, cpu_usage_seconds, io_read_bytes];
      }),
      [
        [8_192, 5, 4, 1_024],
        [4_096, 2, 4, 1_024],
      ],
    );
  });

  it('moves along when its cgroup turns out to be another', () => {
    const late = { kind: 'cgroup-made', at: 0, cgroupId: 200, path: '/system.slice/web.service' } as const;
    const engine = after(limits(200, USED), limits(100, USED), late, limits(200, { ...USED, memoryBytes: 96 }));

    assert.deepEqual(Object.keys(usage(engine)), ['web.service unit']);
    assert.equal(usage(engine)['web.service unit']!.memory_usage_bytes, 4_192);
  });

  it('is not known of what has no controller', () => {
    assert.deepEqual(usage(after(limits(100, {}))), { 'web.service unit': {} });
  });

  it('stays true when there is no room for another row, and when there is again', () => {
    const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true }, workloadsMax: 1 });
    const db = { kind: 'cgroup-made', at: 0, cgroupId: 300, path: '/system.slice/db.service' } as const;
    for (const event of [...MADE, db, limits(100, USED), limits(300, USED)]) engine.observe(event);
    assert.deepEqual(Object.keys(usage(engine)), ['web.service unit', '~other other']);

    engine.observe(GONE);
    for (const at of [2e6, 2e6 + 1_000]) {
      engine.observe(limits(300, { ...USED, at, pids: 9 }));
      engine.observe({ kind: 'tick', at });
    }
    engine.observe(limits(300, { ...USED, at: 3e6, pids: 9 }));

    assert.deepEqual(
      ['db.service unit', '~other other'].map((name) => usage(engine)[name]?.pids ?? 0),
      [9, 0],
    );
  });

  it('tells how often it hit its limits, each of its cgroups by itself', () => {
    const engine = after(
      limits(100, { memoryHighEvents: 1, memoryMaxEvents: 2, memoryOomEvents: 3 }),
      limits(101, { memoryHighEvents: 4, memoryMaxEvents: 5, memoryOomEvents: 6 }),
    );

    assert.deepEqual(page(engine.accounts.workloads, 'memory_events_high', 'memory_events_max', 'memory_events_oom'), {
      'web.service unit': { memory_events_high: 5, memory_events_max: 7, memory_events_oom: 9 },
    });
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

function usage(engine: Engine) {
  const gauges = ['memory_usage_bytes', 'memory_anonymous_bytes', 'pids'];
  return page(engine.accounts.workloads, ...gauges, 'cpu_usage_seconds', 'io_read_bytes');
}

function after(...events: readonly Event[]) {
  const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
  for (const event of [...MADE, ...events]) engine.observe(event);
  return engine;
}

function pressure(cgroupId: number, someSeconds: number, fullSeconds: number): PressureEvent {
  return { kind: 'pressure', at: 0, cgroupId, resource: 'memory', someSeconds, fullSeconds };
}
