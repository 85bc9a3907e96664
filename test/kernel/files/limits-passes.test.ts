import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { limits } from '../../core/support/events.ts';
import { ALL, CHILD, PARENT, reader } from './limits-reader.ts';
import { plant } from './tree.ts';

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

  it('looks at once where probes saw something happen', (t) => {
    const { root, pass } = reader(t, { ...BUSY, 'v2/pod/app/memory.current': '1\n' });
    const child: Cgroup = { ...CHILD };
    const busyParent = (at: number) => {
      plant(root, { 'v2/pod/cpu.stat': usage(1e6 + at) });
      return pass(at, [PARENT, child]).at(-1)!.memoryBytes;
    };
    for (let at = 0; at <= 60_000; at += 5_000) busyParent(at);
    plant(root, { 'v2/pod/app/cpu.stat': usage(3e6), 'v2/pod/app/memory.current': '2\n' });

    const before = busyParent(61_000);
    child.countedAt = 61_500;

    assert.deepEqual([before, busyParent(62_000)], [1, 2]);
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

    assert.deepEqual([pass(3_000).at(-1)?.pidsMax, pass(7_000).at(-1)?.pidsMax], [Number.NaN, 9]);
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
