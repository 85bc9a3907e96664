import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { CgroupLimitsEvent } from '../../../src/core/model/event.ts';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { KeptFiles } from '../../../src/kernel/kept-files.ts';
import { Limits } from '../../../src/kernel/limits.ts';
import { Pressure } from '../../../src/kernel/pressure.ts';
import { limits } from '../../core/support/events.ts';
import { type Files, plant, tree } from './tree.ts';

interface Reader {
  readonly root: string;
  readonly kept: KeptFiles;
  /** One pass; what was told in it of limits, and of which files by their pressure. */
  pass(at: number, cgroups?: readonly Cgroup[]): CgroupLimitsEvent[];
  readonly stalls: string[];
}

function reader(t: TestContext, files: Files, keptMax?: number): Reader {
  let told: CgroupLimitsEvent[] = [];
  const stalls: string[] = [];
  const root = tree(t, files);
  const v1 = ['cpu', 'cpuacct', 'memory', 'pids', 'io'].map((name) => [name, `${root}/${name}`]);
  const kept = new KeptFiles({ unified: `${root}/v2`, ...Object.fromEntries(v1) }, keptMax);
  const pressure = new Pressure(`${root}/proc`, kept, (event) => {
    if (event.kind === 'pressure') stalls.push(`${event.at} ${event.cgroupId} ${event.resource} ${event.someSeconds}`);
  });
  const facts = new Limits(kept, pressure, (event) => told.push({ ...(event as CgroupLimitsEvent) }));

  t.after(() => kept.close());
  return {
    root,
    kept,
    stalls,
    pass(at, cgroups = [PARENT, CHILD]) {
      told = [];
      for (const cgroup of cgroups) facts.read(cgroup, at);
      return told;
    },
  };
}

function limitsOf(t: TestContext, files: Files): CgroupLimitsEvent[] {
  return reader(t, files).pass(0);
}

const ALL = { 'v2/pod/app/cgroup.controllers': 'cpuset cpu io memory pids\n' };

const PARENT: Cgroup = { id: 2, path: '/pod', place: '/pod', parent: undefined, since: 0 };
const CHILD: Cgroup = { id: 3, path: '/pod/app', place: '/pod/app', parent: PARENT, since: 0 };
const { NaN: unknown } = Number;
const V2_CPU =
  'usage_usec 9000000\nuser_usec 9\nsystem_usec 0\nnr_periods 100\nnr_throttled 23\nthrottled_usec 2500000\nnr_bursts 0\n';
const USAGE_ALONE = 'usage_usec 9000000\nuser_usec 9\nsystem_usec 0\n';
const V1_CPU = 'nr_periods 100\nnr_throttled 23\nthrottled_time 2500000000\nnr_bursts 0\n';
const THROTTLED = { periods: 100, throttledPeriods: 23, throttledSeconds: 2.5 };

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

describe('a pass over cgroups', () => {
  const usage = (us: number) => `usage_usec ${us}\n`;
  const stall = (us: number) => `some avg10=0.00 avg60=0.00 avg300=0.00 total=${us}\n`;
  const BUSY = {
    ...ALL,
    'v2/pod/cpu.stat': usage(1_000_000),
    'v2/pod/app/cpu.stat': usage(1_000_000),
    'v2/pod/app/pids.current': '1\n',
    'v2/pod/app/cpu.pressure': stall(0),
  };

  it('looks at whatever ran since the last one, and at its parent', (t) => {
    const { root, pass } = reader(t, BUSY);
    pass(0);
    plant(root, { 'v2/pod/cpu.stat': usage(3e6), 'v2/pod/app/cpu.stat': usage(3e6), 'v2/pod/app/pids.current': '7\n' });

    const told = pass(1_000);

    assert.deepEqual(told, [
      limits(2, { at: 1_000, cpuUsageSeconds: 3 }),
      limits(3, { at: 1_000, cpuUsageSeconds: 3, pids: 7 }),
    ]);
  });

  it('tells of what did not run as it was, and looks again when it ran', (t) => {
    const { root, pass } = reader(t, BUSY);
    for (const at of [0, 1_000, 2_000]) pass(at);
    plant(root, { 'v2/pod/app/pids.current': '7\n' });
    const asleep = pass(3_000).at(-1);
    plant(root, { 'v2/pod/cpu.stat': usage(3e6), 'v2/pod/app/cpu.stat': usage(3e6) });

    assert.deepEqual([asleep, pass(4_000).at(-1)?.pids], [limits(3, { at: 3_000, cpuUsageSeconds: 1, pids: 1 }), 7]);
  });

  it('looks less often at what has not run for half a minute, but at limits and memory again some time', (t) => {
    const { root, pass } = reader(t, { ...BUSY, 'v2/pod/app/memory.current': '1\n', 'v2/pod/app/pids.max': '5\n' });
    const busyParent = (at: number) => {
      plant(root, { 'v2/pod/cpu.stat': usage(1e6 + at) });
      return pass(at).at(-1)!;
    };
    for (let at = 0; at <= 60_000; at += 5_000) busyParent(at);
    plant(root, { 'v2/pod/app/cpu.stat': usage(3e6), 'v2/pod/app/memory.current': '2\n' });

    const seen = [65_000, 70_000, 75_000, 80_000, 85_000].map((at) => busyParent(at).memoryBytes);

    assert.deepEqual([seen.at(0), seen.at(-1)], [1, 2]);
  });

  it('follows what waits, though it does not run', (t) => {
    const { root, pass, stalls } = reader(t, BUSY);
    for (const at of [0, 1_000]) pass(at);
    plant(root, { 'v2/pod/app/cpu.pressure': stall(5e5) });
    pass(2_000);
    plant(root, { 'v2/pod/cpu.stat': usage(2e6), 'v2/pod/app/cpu.stat': usage(2e6) });
    pass(2_500);
    plant(root, { 'v2/pod/app/cpu.pressure': stall(15e5) });
    for (const at of [3_500, 4_000, 4_500]) pass(at);

    assert.deepEqual(stalls, ['0 3 cpu 0', '1000 3 cpu 0', '2500 3 cpu 0.5', '3500 3 cpu 1.5', '4000 3 cpu 1.5']);
  });

  it('sees a limit that was set just after the cgroup was made within seconds', (t) => {
    const { root, pass } = reader(t, BUSY);
    pass(0);
    plant(root, { 'v2/pod/app/pids.max': '9\n' });

    assert.deepEqual([pass(3_000).at(-1)?.pidsMax, pass(7_000).at(-1)?.pidsMax], [unknown, 9]);
  });

  it('is silent about a cgroup that went away meanwhile, and tells of the others', (t) => {
    const { root, kept, pass } = reader(t, { ...BUSY, 'v2/job/cpu.stat': usage(5e6) });
    const job: Cgroup = { ...PARENT, id: 4, path: '/job', place: '/job' };
    pass(0, [PARENT, CHILD, job]);
    kept.shutAllBut({ hierarchy: 'unified', name: 'none' }, CHILD);
    rmSync(`${root}/v2/pod/app`, { recursive: true });
    plant(root, { 'v2/pod/cpu.stat': usage(2e6), 'v2/job/cpu.stat': usage(6e6) });

    const told = pass(1_000, [PARENT, CHILD, job]);

    assert.deepEqual(
      told.map(({ cgroupId, cpuUsageSeconds }) => [cgroupId, cpuUsageSeconds]),
      [
        [2, 2],
        [4, 6],
      ],
    );
  });

  it('tells the same when it may keep no file open', (t) => {
    const [open, shut] = [undefined, 0].map((keptMax) => reader(t, BUSY, keptMax));

    assert.deepEqual([shut!.pass(0), shut!.kept.openFiles], [open!.pass(0), 0]);
  });

  it('leaves out the root, of which nothing is limited', (t) => {
    const { pass } = reader(t, { 'v2/cpu.stat': usage(1e6) });

    assert.deepEqual(pass(0, [{ id: 1, path: '/', place: '', parent: undefined, since: 0 }]), []);
  });

  it('holds on to one file of a cgroup that is quiet', (t) => {
    const { kept, pass } = reader(t, BUSY);
    pass(0);
    const whileBusy = kept.openFiles;

    for (const at of [1_000, 2_000, 9_000, 10_000]) pass(at);

    assert.deepEqual([whileBusy, kept.openFiles], [4, 2]);
  });
});
