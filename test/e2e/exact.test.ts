import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { Exporter } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';
import { shells, truthOf } from '../support/shells.ts';

/** `/bin/sh` is dash, where it is. */
const nameOf = (path: string) => basename(realpathSync(path));

/** The counters of a cgroup, by what happened. */
function countsOf(samples: Sample[], { path: workload }: Cgroup): Record<string, number> {
  const count = (name: string, labels = {}) => sum(samples, `culprit_process_${name}`, { workload, ...labels });
  return {
    forks: count('forks_total'),
    execs: count('execs_total'),
    ok: count('exits_total', { reason: 'ok' }),
    others: count('exits_total') - count('exits_total', { reason: 'ok' }),
    lifetimes: count('lifetime_seconds_count'),
  };
}

describe('what the page says of 100 forks of a shell that forks 23', { skip: requirement('bpf') }, () => {
  it('is exact by cgroup, and by who did what', async (t) => {
    const cgroup = new Cgroup(`culprit-exact-${process.pid}`);
    t.after(() => cgroup.remove());
    const exporter = await Exporter.start();
    t.after(() => exporter.stop());
    const { forks, execs, exits } = truthOf(100);

    await cgroup.run(['sh', '-c', shells(100)]);
    const samples = await exporter.settle((page) => countsOf(page, cgroup).lifetimes === exits);

    assert.deepEqual(countsOf(samples, cgroup), { forks, execs, ok: exits, others: 0, lifetimes: exits });
    assert.deepEqual(
      ['/bin/true', '/bin/sh']
        .map(nameOf)
        .map((group) => sum(samples, 'culprit_process_exits_total', { workload: cgroup.path, group })),
      [2300, 101],
    );
    assert.equal(sum(samples, 'culprit_events_lost_total'), 0);
  });

  it('is nothing of a cgroup in which nothing happened, beside one in which it did', async (t) => {
    const [busy, quiet] = ['busy', 'quiet'].map((name) => new Cgroup(`culprit-${name}-${process.pid}`));
    const exporter = await Exporter.start();
    t.after(() => exporter.stop());

    await busy!.run(['sh', '-c', shells(1)]);
    const samples = await exporter.settle((page) => countsOf(page, busy!).lifetimes === truthOf(1).exits);

    assert.equal(countsOf(samples, busy!).lifetimes, 25);
    assert.deepEqual(Object.values(countsOf(samples, quiet!)), [0, 0, 0, 0, 0]);
  });
});
