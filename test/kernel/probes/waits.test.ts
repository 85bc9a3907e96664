import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LongWaitEvent } from '../../../src/core/model/wait.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { arena, hogFor, release, scheduled } from './hogs.ts';
import { Probes } from './probes.ts';

const ONLY = ['on_switch', 'on_migrate'];

/** Nothing of it is told twice or missing. */
const whole = ({ parts, restNs }: LongWaitEvent) => parts.reduce((sum, { ns }) => sum + ns, restNs);

describe('a wait for a CPU of more than 50 ms', { skip: requirement('bpf', 'clang', 'bpftool', 'chrt') }, () => {
  it('is told with who held it, largest part first, and the parts are the whole', async (t) => {
    const [victim, heavy, light] = ['victim', 'heavy', 'light'].map((name) => arena(t, name));
    const waiter = await victim!.begin();
    using probes = new Probes({ only: ONLY });
    const before = scheduled(waiter.pid);

    // The first goes before the second, and both before the waiter.
    const hogs = [heavy!.start(hogFor(0.3, 20)), light!.start(hogFor(0.1, 10))];
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

  it('of the third to come has those before it that held the CPU, the heavier one with more', async (t) => {
    const [victim, heavy, light] = ['victim', 'heavy', 'light'].map((name) => arena(t, name));
    // All three are there, and stopped, before any begins.
    const tasks = [await heavy!.hold(hogFor(0.2, 20)), await light!.hold(hogFor(0.1, 10))];
    tasks.push(await victim!.hold(['perl', '-e', '1']));
    using probes = new Probes({ only: ONLY });

    const ends = tasks.map((task) => once(task, 'exit'));
    release(tasks);
    await Promise.all(ends);
    const told = probes.in(victim!.id, 'long-wait');
    const behind = ({ id }: { readonly id: number }) =>
      told.flatMap(({ parts }) => parts.filter(({ owner }) => owner.id === id)).reduce((sum, { ns }) => sum + ns, 0);

    assert.deepEqual(
      told.map(whole),
      told.map(({ waitedNs }) => waitedNs),
    );
    // Some of their CPU they may have had before the third one came.
    assert.ok(behind(heavy!) >= 100e6 && behind(heavy!) < 400e6, `${behind(heavy!)} ns`);
    assert.ok(behind(heavy!) > behind(light!), `${behind(light!)} ns`);
  });

  it('is told 20 times a second of one workload, and then counted: nothing is missing', async (t) => {
    const { begin, id } = arena(t, 'many');
    using probes = new Probes({ only: ONLY, longWaitNs: 1_000_000 });
    await Promise.all([0, 1, 2, 3].map(() => begin()));
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
    const { begin, id } = arena(t, 'turns');
    // Beyond what a busy machine adds to a turn.
    using probes = new Probes({ only: ONLY, longWaitNs: 250_000_000 });
    const [one] = await Promise.all([begin(), begin()]);

    await until(() => scheduled(one!.pid).waitedNs > 300e6);

    assert.deepEqual(probes.in(id, 'long-wait'), []);
  });

  it('is none for one who sleeps', async (t) => {
    const { begin, id } = arena(t, 'sleeper');
    using probes = new Probes({ only: ONLY });

    await begin(['perl', '-e', '$| = 1; select undef, undef, undef, 0.4; print "x"; sleep 9']);
    await sleep(100);

    assert.deepEqual(probes.in(id, 'long-wait'), []);
  });
});
