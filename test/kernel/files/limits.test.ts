import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { CgroupLimitsEvent } from '../../../src/core/model/event.ts';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { KeptFiles } from '../../../src/kernel/kept-files.ts';
import { Limits } from '../../../src/kernel/limits.ts';
import { type Files, tree } from './tree.ts';

type Told = Omit<CgroupLimitsEvent, 'kind' | 'at'>;

function limitsOf(t: TestContext, files: Files): Told[] {
  const told: Told[] = [];
  const root = tree(t, files);
  const kept = new KeptFiles({ unified: `${root}/v2`, cpu: `${root}/cpu`, memory: `${root}/memory` });
  const limits = new Limits(kept, (event) => {
    const { kind: _, at: __, ...rest } = event as CgroupLimitsEvent;
    told.push(rest);
  });

  t.after(() => kept.close());
  limits.read([PARENT, CHILD], 0);
  return told;
}

const PARENT: Cgroup = { id: 2, path: '/pod', place: '/pod', parent: undefined, since: 0 };
const CHILD: Cgroup = { id: 3, path: '/pod/app', place: '/pod/app', parent: PARENT, since: 0 };
const { NaN: unknown } = Number;
const NOTHING = {
  throttledSeconds: unknown,
  periods: unknown,
  throttledPeriods: unknown,
  memoryLimitBytes: unknown,
  oomKills: unknown,
  cpuWeight: unknown,
};

const V2_CPU =
  'usage_usec 9\nuser_usec 9\nsystem_usec 0\nnr_periods 100\nnr_throttled 23\nthrottled_usec 2500000\nnr_bursts 0\n';
const V1_CPU = 'nr_periods 100\nnr_throttled 23\nthrottled_time 2500000000\nnr_bursts 0\n';
const THROTTLED = { periods: 100, throttledPeriods: 23, throttledSeconds: 2.5 };

describe('what holds a cgroup back', () => {
  it('is read from v2', (t) => {
    const told = limitsOf(t, {
      'v2/pod/app/cpu.stat': V2_CPU,
      'v2/pod/app/cpu.weight': '250\n',
      'v2/pod/app/memory.max': '67108864\n',
      'v2/pod/app/memory.events.local': 'low 0\nhigh 0\nmax 4\noom 2\noom_kill 1\noom_group_kill 0\n',
    });

    assert.deepEqual(told, [{ cgroupId: 3, ...THROTTLED, memoryLimitBytes: 67108864, oomKills: 1, cpuWeight: 250 }]);
  });

  it('is read from v1 controllers beside a v2 that has none', (t) => {
    const told = limitsOf(t, {
      'v2/pod/app/cpu.stat': 'usage_usec 9\nuser_usec 9\nsystem_usec 0\n',
      'cpu/pod/app/cpu.stat': V1_CPU,
      'cpu/pod/app/cpu.shares': '512\n',
      'memory/pod/app/memory.limit_in_bytes': '1048576\n',
      'memory/pod/app/memory.oom_control': 'oom_kill_disable 7\nunder_oom 0\noom_kill 3\n',
    });

    assert.deepEqual(told, [{ cgroupId: 3, ...THROTTLED, memoryLimitBytes: 1048576, oomKills: 3, cpuWeight: 512 }]);
  });

  it('is the tightest memory limit of its ancestors', (t) => {
    for (const [parent, child, tightest] of [
      ['100', '200', 100],
      ['200', '100', 100],
      ['max', '100', 100],
      ['100', 'max', 100],
    ] as const) {
      const told = limitsOf(t, { 'v2/pod/memory.max': `${parent}\n`, 'v2/pod/app/memory.max': `${child}\n` });

      assert.equal(told.find(({ cgroupId }) => cgroupId === 3)?.memoryLimitBytes, tightest);
    }
  });
});

describe('the claim of a cgroup to CPU', () => {
  it('is next to nothing, not nothing, where the cgroup is idle by choice', (t) => {
    const [told] = limitsOf(t, { 'v2/pod/app/cpu.weight': '0\n' });

    assert.equal(told?.cpuWeight, 300 / 1024);
  });

  it('is not known where the controller is not', (t) => {
    const [told] = limitsOf(t, { 'v2/pod/app/memory.max': '100\n' });

    assert.equal(told?.cpuWeight, unknown);
  });
});

describe('a cgroup that nothing holds back', () => {
  it('has no memory limit, in the words of v1 and of v2', (t) => {
    const told = limitsOf(t, {
      'memory/pod/memory.limit_in_bytes': '9223372036854771712\n',
      'memory/pod/memory.oom_control': 'oom_kill 0\n',
      'v2/pod/app/memory.max': 'max\n',
      'v2/pod/app/memory.events.local': 'oom_kill 0\n',
    });

    assert.deepEqual(
      told,
      [2, 3].map((cgroupId) => ({ ...NOTHING, cgroupId, oomKills: 0 })),
    );
  });

  it('is silent without controllers', (t) => {
    assert.deepEqual(limitsOf(t, { 'v2/pod/app/cpu.stat': 'usage_usec 9\n' }), []);
  });
});
