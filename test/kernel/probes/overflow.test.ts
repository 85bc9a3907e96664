import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KIND } from '../../../src/core/wire/layout.ts';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { idOf, Probes } from './probes.ts';

const TIMES = 1_000;
const FORKS = `for (1..${TIMES}) { my $p = fork; if (!$p) { exec "/bin/true" } waitpid $p, 0 }`;

describe('a ring of 64 KiB under 1,000 forks that nobody drains', {
  skip: requirement('bpf', 'clang', 'bpftool'),
}, () => {
  it('loses events, tells how many of each kind to the last, and counts exactly in the map', async () => {
    using probes = new Probes({ ringBytes: 64 * 1024 });
    const cgroup = new Cgroup(`culprit-${process.pid}-overflow`);
    const id = idOf(cgroup);

    await cgroup.run(['perl', '-e', FORKS]);
    await until(() => cgroup.isEmpty());
    // What is read now makes room: stop making events first.
    probes.detach();
    probes.drain();
    const counts = probes.counts(id);
    cgroup.remove();

    for (const kind of ['fork', 'exec', 'exit', 'reap'] as const) {
      const { produced, lost } = probes.tally(KIND[kind]);

      assert.equal(produced - lost, probes.of(kind).length, kind);
      assert.equal(lost > 100, true, kind);
    }
    assert.deepEqual([counts.forks, counts.execs, counts.exits], [TIMES, TIMES + 1, [TIMES + 1, 0, 0, 0]]);
    assert.equal(counts.forks - counts.lost.forks, probes.in(id, 'fork').length);
    assert.equal(counts.execs - counts.lost.execs, probes.in(id, 'exec').length);
    assert.equal(counts.exits[0]! - counts.lost.exits[0]!, probes.in(id, 'exit').length);
    assert.equal(counts.lostUsage.runtimeNs > 0, true);
  });

  it('is not what happens to a ring of 4 MiB', async () => {
    using probes = new Probes();
    const cgroup = new Cgroup(`culprit-${process.pid}-enough`);

    await cgroup.run(['perl', '-e', FORKS]);
    probes.drain();
    await until(() => cgroup.isEmpty());
    cgroup.remove();

    assert.deepEqual(
      [KIND.fork, KIND.exec, KIND.exit, KIND.reap].map((kind) => probes.tally(kind).lost),
      [0, 0, 0, 0],
    );
  });
});

describe('a map with room for two cgroups', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  it('counts all others together under 0', async () => {
    using probes = new Probes({ cgroupsMax: 2 });
    const groups = ['a', 'b', 'c'].map((name) => new Cgroup(`culprit-${process.pid}-${name}`));

    for (const group of groups) await group.run(['perl', '-e', 'for (1..23) { if (!fork) { exit } wait }']);
    await until(() => groups.every((group) => group.isEmpty()));

    assert.equal(probes.counts(0).forks >= 46, true);
    for (const group of groups) group.remove();
  });
});
