import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CgroupLimitsEvent } from '../../../src/core/model/event.ts';
import { limits } from '../../core/support/events.ts';
import { ALL, reader } from './limits-reader.ts';
import type { Files } from './tree.ts';

const { NaN: unknown } = Number;
const V2_CPU =
  'usage_usec 9000000\nuser_usec 9\nsystem_usec 0\nnr_periods 100\nnr_throttled 23\nthrottled_usec 2500000\nnr_bursts 0\n';
const USAGE_ALONE = 'usage_usec 9000000\nuser_usec 9\nsystem_usec 0\n';
const V1_CPU = 'nr_periods 100\nnr_throttled 23\nthrottled_time 2500000000\nnr_bursts 0\n';
const THROTTLED = { periods: 100, throttledPeriods: 23, throttledSeconds: 2.5 };

function limitsOf(t: TestContext, files: Files): CgroupLimitsEvent[] {
  return reader(t, files).pass(0);
}

describe('what a cgroup uses and what holds it back', () => {
  it('is read from v2', (t) => {
    const told = limitsOf(t, {
      ...ALL,
      'v2/pod/app/cpu.stat': V2_CPU,
      'v2/pod/app/cpu.weight': '250\n',
      'v2/pod/app/cpu.max': '150000 100000\n',
      'v2/pod/app/memory.current': '4096000\n',
      'v2/pod/app/memory.max': '67108864\n',
      'v2/pod/app/memory.high': '33554432\n',
      'v2/pod/app/memory.stat': 'anon 2048\nfile 9\nanon_thp 7\n',
      'v2/pod/app/memory.events.local': 'low 0\nhigh 5\nmax 4\noom 2\noom_kill 1\noom_group_kill 0\n',
      'v2/pod/app/pids.current': '12\n',
      'v2/pod/app/pids.max': '100\n',
      'v2/pod/app/io.stat': '8:0 rbytes=10 wbytes=200 rios=1 wios=1 dbytes=0 dios=0\n8:16 rbytes=3 wbytes=4 rios=1\n',
    });

    assert.deepEqual(told, [
      limits(3, {
        ...THROTTLED,
        cpuUsageSeconds: 9,
        cpuWeight: 250,
        cpuQuotaCores: 1.5,
        memoryBytes: 4096000,
        anonymousBytes: 2048,
        memoryLimitBytes: 67108864,
        memoryHighBytes: 33554432,
        memoryHighEvents: 5,
        memoryMaxEvents: 4,
        memoryOomEvents: 2,
        oomKills: 1,
        pids: 12,
        pidsMax: 100,
        ioReadBytes: 13,
        ioWrittenBytes: 204,
      }),
    ]);
  });

  it('is read from v1 controllers beside a v2 that has none', (t) => {
    const told = limitsOf(t, {
      'v2/pod/app/cpu.stat': USAGE_ALONE,
      'cpu/pod/app/cpu.stat': V1_CPU,
      'cpu/pod/app/cpu.shares': '512\n',
      'cpu/pod/app/cpu.cfs_quota_us': '50000\n',
      'cpu/pod/app/cpu.cfs_period_us': '100000\n',
      'memory/pod/app/memory.usage_in_bytes': '4096000\n',
      'memory/pod/app/memory.limit_in_bytes': '1048576\n',
      'memory/pod/app/memory.stat': 'rss 5\ntotal_rss 2048\ntotal_rss_huge 7\n',
      'memory/pod/app/memory.failcnt': '4\n',
      'memory/pod/app/memory.oom_control': 'oom_kill_disable 7\nunder_oom 0\noom_kill 3\n',
      'pids/pod/app/pids.current': '12\n',
      'pids/pod/app/pids.max': '100\n',
      'io/pod/app/blkio.throttle.io_service_bytes_recursive':
        '8:0 Read 10\n8:0 Write 200\n8:0 Total 210\n8:16 Read 3\n8:16 Write 4\n8:16 Total 7\nTotal 217\n',
    });

    assert.deepEqual(told, [
      limits(3, {
        ...THROTTLED,
        cpuUsageSeconds: 9,
        cpuWeight: 512,
        cpuQuotaCores: 0.5,
        memoryBytes: 4096000,
        anonymousBytes: 2048,
        memoryLimitBytes: 1048576,
        memoryMaxEvents: 4,
        oomKills: 3,
        pids: 12,
        pidsMax: 100,
        ioReadBytes: 13,
        ioWrittenBytes: 204,
      }),
    ]);
  });

  it('is its CPU time by the word of v1, where v2 is not there to tell', (t) => {
    const [told] = limitsOf(t, { 'cpuacct/pod/app/cpuacct.usage': '2500000000\n' });

    assert.equal(told?.cpuUsageSeconds, 2.5);
  });

  it('is nothing of any device where it used none yet', (t) => {
    assert.deepEqual(limitsOf(t, { ...ALL, 'v2/pod/app/io.stat': '' }), [
      limits(3, { ioReadBytes: 0, ioWrittenBytes: 0 }),
    ]);
  });

  it('is the tightest memory limit of its ancestors', (t) => {
    for (const [parent, child, tightest] of [
      ['100', '200', 100],
      ['200', '100', 100],
      ['max', '100', 100],
      ['100', 'max', 100],
    ] as const) {
      const told = limitsOf(t, {
        ...ALL,
        'v2/pod/cgroup.controllers': 'memory\n',
        'v2/pod/memory.max': `${parent}\n`,
        'v2/pod/app/memory.max': `${child}\n`,
        'v2/pod/app/memory.current': '0\n',
      });

      assert.equal(told.find(({ cgroupId }) => cgroupId === 3)?.memoryLimitBytes, tightest);
    }
  });
});

describe('the claim of a cgroup to CPU', () => {
  it('is next to nothing, not nothing, where the cgroup is idle by choice', (t) => {
    const [told] = limitsOf(t, { ...ALL, 'v2/pod/app/cpu.weight': '0\n' });

    assert.equal(told?.cpuWeight, 300 / 1024);
  });

  it('is not known where the controller is not', (t) => {
    const [told] = limitsOf(t, { ...ALL, 'v2/pod/app/memory.current': '100\n' });

    assert.equal(told?.cpuWeight, unknown);
  });
});

describe('a cgroup that nothing holds back', () => {
  it('has no limits, in the words of v1', (t) => {
    const told = limitsOf(t, {
      'cpu/pod/cpu.cfs_quota_us': '-1\n',
      'cpu/pod/cpu.cfs_period_us': '100000\n',
      'memory/pod/memory.limit_in_bytes': '9223372036854771712\n',
      'memory/pod/memory.usage_in_bytes': '0\n',
      'pids/pod/pids.current': '1\n',
      'pids/pod/pids.max': 'max\n',
    });

    assert.deepEqual(told, [limits(2, { memoryBytes: 0, pids: 1 })]);
  });

  it('has none in the words of v2', (t) => {
    const told = limitsOf(t, {
      ...ALL,
      'v2/pod/app/cpu.max': 'max 100000\n',
      'v2/pod/app/memory.max': 'max\n',
      'v2/pod/app/memory.high': 'max\n',
      'v2/pod/app/memory.current': '0\n',
      'v2/pod/app/pids.current': '1\n',
      'v2/pod/app/pids.max': 'max\n',
    });

    assert.deepEqual(told, [limits(3, { memoryBytes: 0, pids: 1 })]);
  });

  it('is silent where nothing tells of it', (t) => {
    assert.deepEqual(limitsOf(t, { 'v2/pod/app/cgroup.controllers': '\n' }), []);
  });
});
