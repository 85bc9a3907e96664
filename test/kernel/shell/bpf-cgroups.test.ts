import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CgroupCountsEvent } from '../../../src/core/model/event.ts';
import { requirement } from '../../support/require.ts';
import { type Observed, observe, ownCgroup } from './observed.ts';

const skip = requirement('bpf');

/** A shell that forks 23 children. */
const SHELL = "sh -c 'i=0; while [ $i -lt 23 ]; do /bin/true; i=$((i+1)); done'";
const shells = (times: number) => `j=0; while [ $j -lt ${times} ]; do ${SHELL}; j=$((j+1)); done`;

const sumOf = (counts: readonly number[]) => counts.reduce((sum, each) => sum + each, 0);

/** The last counts of a cgroup, when it has exited so often. */
function countsOf({ of, until }: Observed, id: number, exits: number): Promise<CgroupCountsEvent> {
  return until(() => of('cgroup-counts').findLast((each) => each.cgroupId === id && sumOf(each.exits) === exits));
}

describe('the kernel, with probes, of cgroups', { skip }, () => {
  it('tells new and removed cgroups, whatever they are called', async (t) => {
    const { kernel, of, until } = await observe(t);
    await kernel.start();
    const names = [`culprit "quoted" ${process.pid}`, Buffer.from([0x63, 0xff, 0xfe, 0x5c])];
    const cgroups = names.map((name) => ownCgroup(t, name));

    for (const cgroup of cgroups) {
      const path = await until(() => of('cgroup-made').find(({ cgroupId }) => cgroupId === cgroup.id)?.path);
      await cgroup.remove();
      await until(() => of('cgroup-removed').find(({ cgroupId }) => cgroupId === cgroup.id));

      assert.equal(path, cgroup.path);
    }
  });

  it('forgets the counts of a cgroup that is gone, and has told them before', async (t) => {
    const observed = await observe(t);
    const { kernel, clock, until } = observed;
    const cgroup = ownCgroup(t);
    const entries = () => kernel.maps().find(({ map }) => map === 'cgroups')!.entries;
    await kernel.start();
    cgroup.run(shells(1));
    await countsOf(observed, cgroup.id, 25);
    const before = entries();

    await cgroup.remove();
    await until(() => observed.of('cgroup-removed').some(({ cgroupId }) => cgroupId === cgroup.id));
    clock.aheadMs = 60_000;

    await until(() => entries() === before - 1);
    assert.equal(sumOf(observed.of('cgroup-counts').findLast(({ cgroupId }) => cgroupId === cgroup.id)!.exits), 25);
  });
});
