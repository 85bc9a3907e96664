import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine } from '../../../src/core/engine/engine.ts';
import type { Event } from '../../../src/core/model/event.ts';
import { Drain } from '../../../src/kernel/drain.ts';
import { Snapshots } from '../../../src/kernel/snapshot.ts';
import { page } from '../../core/support/page.ts';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { idOf, openProbes } from './probes.ts';

const LIFECYCLE = ['on_fork', 'on_exec', 'on_exit', 'on_reap'];
/** Calls itself otherwise, as its children do; each of them lives for 10 ms. */
const FORKS = `
  $0 = "not-perl";
  $SIG{CHLD} = "IGNORE";
  for (;;) {
    if (!fork) { select(undef, undef, undef, 0.01); exit }
    select(undef, undef, undef, 0.0002);
  }`;

const skip = requirement('bpf', 'clang', 'bpftool');

describe('a process that a snapshot meets before the ring tells of its birth', { skip }, () => {
  it('counts in the group of who forked it', async (t) => {
    const cgroup = new Cgroup(`culprit-births-${process.pid}`);
    const id = idOf(cgroup);
    t.after(() => cgroup.clear());
    using object = openProbes({ only: [...LIFECYCLE, 'snapshot', 'snapshot_names'] }).load();
    for (const name of LIFECYCLE) object.program(name).attach();
    const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
    const met = new Set<number>();
    let early = 0;
    const emit = (event: Event) => {
      engine.observe(event);
      if (event.kind === 'snapshot-begin') met.clear();
      else if (event.kind === 'process-sample') met.add(event.startedNs);
      else if (event.kind === 'fork' && event.cgroupId === id && met.has(event.startedNs)) early++;
    };
    const drain = new Drain(object.map('events'), emit);
    t.after(() => drain.close());
    const [plain, whole] = ['snapshot', 'snapshot_names'].map((name) => object.program(name).attach());
    const snapshots = new Snapshots({ plain, whole, drain, emit, now: () => performance.now() });

    snapshots.take(true);
    const ended = cgroup.run(['perl', '-e', FORKS]);
    await until(() => {
      snapshots.take(false);
      return early >= 10;
    });
    cgroup.kill();
    await ended;

    const here = Object.keys(page(engine.accounts.groups, 'forks')).filter((row) => row.includes(` cgroup:${id} `));
    const groups = here.map((row) => row.split(' ')[0]);
    // The shell that went there first may have been met.
    assert.deepEqual(
      groups.filter((group) => group !== 'dash'),
      ['perl'],
    );
  });
});
