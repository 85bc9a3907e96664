import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LongWaitEvent } from '../../../src/core/model/wait.ts';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { BUSY, end, hogFor, scheduled, startIn } from './hogs.ts';
import { idOf, Probes } from './probes.ts';

const ONLY = ['on_switch', 'on_migrate'];

function ownCgroup(t: TestContext, name: string): { readonly cgroup: Cgroup; readonly id: number } {
  const cgroup = new Cgroup(`culprit-${process.pid}-${name}`);

  t.after(async () => {
    await until(() => cgroup.isEmpty());
    cgroup.remove();
  });
  return { cgroup, id: idOf(cgroup) };
}

async function busyIn(t: TestContext, cgroup: Cgroup, command = BUSY) {
  const child = startIn(cgroup, command);

  t.after(() => end(child));
  await once(child.stdout!, 'data');
  return child;
}

/** Nothing of it is told twice or missing. */
const whole = ({ parts, restNs }: LongWaitEvent) => parts.reduce((sum, { ns }) => sum + ns, restNs);

describe('a wait for a CPU of more than 50 ms', { skip: requirement('bpf', 'clang', 'bpftool', 'chrt') }, () => {
  it('is told with who held it, largest part first, and the parts are the whole', async (t) => {
    const [victim, heavy, light] = ['victim', 'heavy', 'light'].map((name) => ownCgroup(t, name));
    const waiter = await busyIn(t, victim!.cgroup);
    using probes = new Probes({ only: ONLY });
    const before = scheduled(waiter.pid);

    // The first goes before the second, and both before the waiter.
    const hogs = [startIn(heavy!.cgroup, hogFor(0.3, 20)), startIn(light!.cgroup, hogFor(0.1, 10))];
    await Promise.all(hogs.map((hog) => once(hog, 'exit')));
    const [wait] = await until(() => {
      const told = probes.in(victim!.id, 'long-wait');
      return told.length > 0 && told;
    });
    const after = scheduled(waiter.pid);

    const longest = probes
      .in(victim!.id, 'long-wait')
      .reduce((one, other) => (one.waitedNs > other.waitedNs ? one : other));
    assert.deepEqual([wait!.pid, wait!.tid, whole(longest)], [waiter.pid, waiter.pid, longest.waitedNs]);
    assert.ok(longest.waitedNs <= after.waitedNs - before.waitedNs);
    const [first] = longest.parts;
    assert.deepEqual(first?.owner, { kind: 'cgroup', id: heavy!.id });
    assert.equal(first.pid, hogs[0]!.pid);
    assert.ok(first.ns >= 290e6 && first.ns < 400e6, `${first.ns} ns`);
  });

  it('of the third to come has both before it, each with the CPU that it used', async (t) => {
    const [victim, heavy, light] = ['victim', 'heavy', 'light'].map((name) => ownCgroup(t, name));
    const gate = await busyIn(t, heavy!.cgroup, ['chrt', '--fifo', '30', ...spinThenPrint(0.4)]);
    using probes = new Probes({ only: ONLY });

    // All three are there, and stopped, before any begins.
    const [a, b] = [startIn(heavy!.cgroup, hogFor(0.2, 20)), startIn(light!.cgroup, hogFor(0.1, 10))];
    const waiter = startIn(victim!.cgroup, ['perl', '-e', '1']);
    await Promise.all([gate, a, b, waiter].map((child) => once(child, 'exit')));
    const longest = probes
      .in(victim!.id, 'long-wait')
      .reduce((one, other) => (one.waitedNs > other.waitedNs ? one : other));

    const parts = new Map(longest.parts.map(({ owner, ns }) => [owner.id, ns]));
    assert.equal(whole(longest), longest.waitedNs);
    assert.ok(parts.get(heavy!.id)! >= 195e6, `${parts.get(heavy!.id)}`);
    assert.ok(parts.get(light!.id)! >= 95e6 && parts.get(light!.id)! < 200e6, `${parts.get(light!.id)}`);
  });

  it('is told 20 times a second of one workload, and then counted: nothing is missing', async (t) => {
    const { cgroup, id } = ownCgroup(t, 'many');
    using probes = new Probes({ only: ONLY, longWaitNs: 1_000_000 });
    await Promise.all([0, 1, 2, 3].map(() => busyIn(t, cgroup)));
    const began = performance.now();

    await until(() => probes.counts(id).longWaits >= 300);
    const { longWaits, longWaitsUntold } = probes.counts(id);
    const told = probes.in(id, 'long-wait').length;
    const seconds = (performance.now() - began) / 1_000;

    assert.ok(longWaitsUntold > 100, `${longWaitsUntold} of ${longWaits} untold in ${seconds} s`);
    // A second's worth may come at once, and the tasks began before the clock did.
    assert.ok(told <= 20 * (seconds + 1) + 20, `${told} in ${seconds} s`);
    assert.ok(Math.abs(told + longWaitsUntold - longWaits) <= 2, `${told} + ${longWaitsUntold} of ${longWaits}`);
  });

  it('is none for those who take turns of a few milliseconds', async (t) => {
    const { cgroup, id } = ownCgroup(t, 'turns');
    using probes = new Probes({ only: ONLY });
    const [one] = await Promise.all([busyIn(t, cgroup), busyIn(t, cgroup)]);

    await until(() => scheduled(one!.pid).waitedNs > 300e6);

    assert.deepEqual(probes.in(id, 'long-wait'), []);
  });

  it('is none for one who sleeps', async (t) => {
    const { cgroup, id } = ownCgroup(t, 'sleeper');
    using probes = new Probes({ only: ONLY });

    await busyIn(t, cgroup, ['perl', '-e', '$| = 1; select undef, undef, undef, 0.4; print "x"; sleep 9']);
    await sleep(100);

    assert.deepEqual(probes.in(id, 'long-wait'), []);
  });
});

/** Says that it is there, and then keeps the CPU. */
function spinThenPrint(seconds: number): string[] {
  return ['perl', '-e', `use Time::HiRes "clock"; $| = 1; print "x"; 1 while clock() < ${seconds}`];
}
