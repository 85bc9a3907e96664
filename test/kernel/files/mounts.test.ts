import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { tree } from './tree.ts';

const HYBRID = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;

const mountsIn = (t: TestContext, mountinfo: string, root = '') =>
  findCgroupMounts(tree(t, { 'self/mountinfo': mountinfo }), root);

describe('where cgroups are mounted', () => {
  it('is found on a hybrid host, with the v1 controllers', (t) => {
    assert.deepEqual(mountsIn(t, HYBRID), {
      unified: '/sys/fs/cgroup/unified',
      whole: true,
      v1: {
        cpu: '/sys/fs/cgroup/cpu,cpuacct',
        cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
        memory: '/sys/fs/cgroup/memory',
        pids: undefined,
        io: undefined,
      },
    });
  });

  it('is found on a host with v2 alone', (t) => {
    assert.deepEqual(mountsIn(t, '30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n'), {
      unified: '/sys/fs/cgroup',
      whole: true,
      v1: { cpu: undefined, cpuacct: undefined, memory: undefined, pids: undefined, io: undefined },
    });
  });

  it('is known to be a part only, in a cgroup namespace', (t) => {
    assert.equal(mountsIn(t, '30 23 0:26 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n').whole, false);
  });

  it('may have a path with blanks, bytes beyond ASCII and backslashes', (t) => {
    const { unified } = mountsIn(t, '30 23 0:26 / /a\\040b\\134c/é rw - cgroup2 cgroup2 rw\n');

    assert.equal(unified, '/a b\\c/é');
  });

  it('is nowhere when nothing of the kind is mounted', (t) => {
    assert.deepEqual(mountsIn(t, '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n\n').unified, undefined);
  });

  it('is where the configuration says, whatever is mounted', (t) => {
    assert.equal(mountsIn(t, HYBRID, '/host/cgroup').unified, '/host/cgroup');
  });
});
