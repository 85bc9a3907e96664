import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { idOf, Probes } from './probes.ts';

const forks = (times: number, pauseSeconds: number) =>
  `for (1..${times}) { my $p = fork; if (!$p) { exit } waitpid $p, 0; select undef, undef, undef, ${pauseSeconds} }`;

describe('a bucket of 100 forks that drains 20 a second', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  async function run(script: string) {
    using probes = new Probes();
    const cgroup = new Cgroup(`culprit-${process.pid}-storm`);
    const id = idOf(cgroup);

    await cgroup.run(['perl', '-e', script]);
    await until(() => cgroup.isEmpty());
    cgroup.remove();
    return { storms: probes.in(id, 'storm'), forked: probes.in(id, 'fork'), perl: probes.in(id, 'exec')[0]! };
  }

  it('runs over in a burst of 400, for the parent and for its cgroup, which then is pid 0', async () => {
    const { storms, perl } = await run(forks(400, 0));
    const [ofParent, ofCgroup] = (['parent', 'cgroup'] as const).map((scope) =>
      storms.find((storm) => storm.scope === scope),
    );

    assert.deepEqual([ofParent?.pid, ofParent?.startedNs], [perl.pid, perl.startedNs]);
    assert.deepEqual([ofCgroup?.pid, ofCgroup?.startedNs], [0, 0]);
    for (const storm of [ofParent, ofCgroup]) {
      const drained = 20 * (storm!.windowNs / 1e9);

      assert.equal(Math.abs(storm!.forks - drained - 100) < 2, true, `${storm!.forks} forks, ${drained} drained`);
    }
  });

  it('speaks four times a second at most, however long the storm', async () => {
    const { storms, forked } = await run(forks(3_000, 0));
    const seconds = (forked.at(-1)!.at - forked[0]!.at) / 1_000;

    assert.equal(storms.filter((storm) => storm.scope === 'parent').length <= seconds * 4 + 1, true);
  });

  it('is silent at 90 forks in a burst', async () => {
    assert.deepEqual((await run(forks(90, 0))).storms, []);
  });

  it('is silent at ten a second for as long as one likes', async () => {
    assert.deepEqual((await run(forks(25, 0.1))).storms, []);
  });
});
