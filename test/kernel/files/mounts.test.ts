import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { asNobody } from './nobody.ts';
import { tree } from './tree.ts';

const HYBRID = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
`;

const mountsIn = (t: TestContext, mountinfo: string, root = '') =>
  findCgroupMounts(tree(t, { 'self/mountinfo': mountinfo }), root);

const mountOf = (path: string, root = '/') => `30 23 0:26 ${root} ${path} rw - cgroup2 cgroup2 rw\n`;

describe('where cgroups are mounted', () => {
  it('is found on a hybrid host, with the v1 controllers', (t) => {
    assert.deepEqual(mountsIn(t, HYBRID), {
      unified: '/sys/fs/cgroup/unified',
      tree: { path: '/sys/fs/cgroup/unified', controller: undefined, prefix: '0::' },
      whole: true,
      ownPart: undefined,
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
    const all = tree(t, {});

    assert.deepEqual(mountsIn(t, mountOf(all)), {
      unified: all,
      tree: { path: all, controller: undefined, prefix: '0::' },
      whole: true,
      ownPart: undefined,
      v1: { cpu: undefined, cpuacct: undefined, memory: undefined, pids: undefined, io: undefined },
    });
  });

  it('is found on a host with v1 alone: workloads are the directories of one controller', (t) => {
    const pids = tree(t, { 'cgroup.sane_behavior': '0\n' });
    const others =
      '32 31 0:29 / /cpu rw - cgroup cgroup rw,cpu,cpuacct\n33 31 0:30 / /memory rw - cgroup cgroup rw,memory\n';
    const self = 'self/cgroup';
    const lines = '12:memory:/a\n8:pids:/a\n3:cpu,cpuacct:/a\n1:name=systemd:/a\n';
    const at = (mountinfo: string) => findCgroupMounts(tree(t, { 'self/mountinfo': mountinfo, [self]: lines }));

    const { unified, whole, ...all } = at(`${others}34 31 0:31 / ${pids} rw - cgroup cgroup rw,pids\n`);
    const [first, second] = others.split('\n');

    assert.deepEqual(
      [unified, whole, all.tree],
      [undefined, true, { path: pids, controller: 'pids', prefix: '8:pids:' }],
    );
    assert.deepEqual(at(`${second}\n${first}\n`).tree, { path: '/memory', controller: 'memory', prefix: '12:memory:' });
    assert.deepEqual(at(`${first}\n`).tree, { path: '/cpu', controller: 'cpu', prefix: '3:cpu,cpuacct:' });
  });

  it('is known to be a part of a v1 hierarchy, in a namespace that shows it as if it were all', (t) => {
    const pids = tree(t, {});
    const lines = {
      'self/mountinfo': `34 31 0:31 / ${pids} rw - cgroup cgroup rw,pids\n`,
      'self/cgroup': '8:pids:/\n',
    };

    assert.equal(findCgroupMounts(tree(t, lines)).whole, false);
  });

  it('is known to be a part only, in a cgroup namespace that shows it as if it were all', (t) => {
    const part = tree(t, { 'cgroup.events': 'populated 1\n' });

    const { unified, whole, ownPart } = mountsIn(t, mountOf(part));

    assert.deepEqual({ unified, whole, ownPart }, { unified: part, whole: false, ownPart: undefined });
  });

  it('is known to be all, though a cgroup namespace shows it as above its root', (t) => {
    const all = tree(t, {});

    assert.equal(mountsIn(t, mountOf(all, '/../..')).whole, true);
  });

  it('is where all of it is, though a part hides that, and paths of processes begin at the part', (t) => {
    const part = tree(t, { 'cgroup.events': 'populated 1\n', 'cgroup.procs': '' });
    const all = tree(t, { 'cgroup.procs': '' });

    const { unified, whole, ownPart } = mountsIn(t, mountOf(all, '/../..') + mountOf(part));

    assert.deepEqual({ unified, whole, ownPart }, { unified: all, whole: true, ownPart: part });
  });

  it('is where the configuration says, beside a part too', (t) => {
    const part = tree(t, { 'cgroup.events': 'populated 1\n' });
    const all = tree(t, {});

    const { unified, whole, ownPart } = mountsIn(t, mountOf(part), all);

    assert.deepEqual({ unified, whole, ownPart }, { unified: all, whole: true, ownPart: part });
  });

  it('is not where another mount lies over it', (t) => {
    const part = tree(t, { 'cgroup.events': 'populated 1\n', 'cgroup.procs': '' });

    assert.equal(mountsIn(t, mountOf(`${part}/unified`, '/../..') + mountOf(part)).unified, part);
  });

  it('is not where we may not go: of several mounts one that is out of reach is none', async (t) => {
    const [all, closed, closedV1] = [tree(t, { 'cgroup.procs': '' }), tree(t, {}), tree(t, {})];
    chmodSync(all, 0o755);
    const v1Of = (path: string) => `34 31 0:31 / ${path} rw - cgroup cgroup rw,pids\n`;
    const mountinfo = mountOf(all) + mountOf(closed) + v1Of(closedV1);
    const procRoot = tree(t, { 'self/mountinfo': mountinfo });
    for (const path of ['', '/self']) chmodSync(`${procRoot}${path}`, 0o755);

    const { unified, whole, v1 } = await asNobody(() => findCgroupMounts(procRoot));

    assert.deepEqual({ unified, whole, pids: v1.pids }, { unified: all, whole: true, pids: undefined });
  });

  it('is not taken from a part that begins elsewhere than our namespace', (t) => {
    const other = tree(t, { 'cgroup.events': 'populated 1\n' });
    const all = tree(t, {});

    assert.equal(mountsIn(t, mountOf(other, '/../other') + mountOf(all)).ownPart, undefined);
  });

  it('may have a path with blanks, bytes beyond ASCII and backslashes', (t) => {
    const { unified } = mountsIn(t, '30 23 0:26 / /a\\040b\\134c/é rw - cgroup2 cgroup2 rw\n');

    assert.equal(unified, '/a b\\c/é');
  });

  it('is nowhere when nothing of the kind is mounted', (t) => {
    assert.equal(mountsIn(t, '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n\n').tree, undefined);
  });

  it('is where the configuration says, whatever is mounted', (t) => {
    assert.equal(mountsIn(t, HYBRID, '/host/cgroup').unified, '/host/cgroup');
  });
});
