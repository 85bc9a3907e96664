import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { Event } from '../../../src/core/model/event.ts';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { QUIET_MS, Waiting } from '../../../src/kernel/waiting.ts';
import type { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { tree } from '../files/tree.ts';
import { arena, BUSY, hogFor, scheduled } from '../probes/hogs.ts';
import { openProbes } from '../probes/probes.ts';
import { observe } from './observed.ts';

/** From the moment on which it passes 100 ms. */
const TOLD_WITHIN_MS = 500;
const skip = requirement('bpf', 'clang', 'bpftool', 'chrt');

const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

describe('a task that waits for a CPU and does not get it', { skip }, () => {
  it('is told of within half a second once it waits 100 ms, again and again, with who runs, and then that it is over', async (t) => {
    const [victim, offender] = [arena(t, 'victim'), arena(t, 'offender')];
    const told: { readonly event: Event; readonly heardAt: number }[] = [];
    const { kernel } = await observe(t, {
      emit: (event) => told.push({ event: structuredClone(event), heardAt: nowMs() }),
    });
    await kernel.start();
    const waiter = await victim.begin();

    const hog = offender.start(hogFor(0.9, 20));
    await once(hog, 'exit');
    await until(() => told.some(({ event }) => event.kind === 'long-wait' && event.cgroupId === victim.id));
    const isVictims = ({ event }: { event: Event }) => event.kind === 'waiting' && event.cgroupId === victim.id;
    await until(() => told.findLastIndex(({ event }) => event.kind === 'waiting-end') > told.findLastIndex(isVictims));

    const waits = told.flatMap(({ event, heardAt }) =>
      event.kind === 'waiting' && event.cgroupId === victim.id ? [{ ...event, heardAt }] : [],
    );
    const [first] = waits;
    const delayMs = first!.heardAt - (first!.at - first!.waitedNs / 1e6) - 100;
    t.diagnostic(`told ${delayMs.toFixed(0)} ms after it passed 100 ms; ${waits.length} times`);
    assert.deepEqual(
      [first?.pid, first?.tid, first?.owner],
      [waiter.pid, waiter.pid, { kind: 'cgroup', id: offender.id }],
    );
    assert.ok(waits.some(({ ownerPid }) => ownerPid === hog.pid));
    assert.ok(delayMs < TOLD_WITHIN_MS, `${delayMs} ms`);
    assert.ok(waits.length >= 2, `${waits.length} times`);
  });

  it('because of its quota is told with the cgroup whose quota it is, while it waits and after', async (t) => {
    const { cgroup, id, start } = arena(t, 'throttled');
    const throttle = giveQuota(t, cgroup, 10, 600);
    const { kernel, of, until: seen } = await observe(t);
    await kernel.start();

    const victim = start(BUSY);
    throttle(victim);
    const open = await seen(() => of('waiting').find(({ cgroupId }) => cgroupId === id));
    const over = await seen(() => of('long-wait').find(({ cgroupId }) => cgroupId === id));

    assert.deepEqual([open.pid, open.owner], [victim.pid, { kind: 'throttle', id }]);
    const [part] = over.parts;
    assert.deepEqual(part?.owner, { kind: 'throttle', id });
    assert.ok(part.ns > 0.9 * over.waitedNs, `${part.ns} of ${over.waitedNs}`);
  });

  it('for a few milliseconds, in turns, is not told of at all', async (t) => {
    const { begin, id } = arena(t, 'turns');
    const { kernel, of } = await observe(t);
    await kernel.start();
    const [one] = await Promise.all([begin(), begin()]);

    await until(() => scheduled(one!.pid).waitedNs > 500e6);

    const told = [...of('waiting'), ...of('long-wait')].filter(({ cgroupId }) => cgroupId === id);
    // Others on the machine may lengthen a turn beyond 50 ms, but not each.
    assert.ok(told.length <= 2 && told.every(({ waitedNs }) => waitedNs >= 50e6), JSON.stringify(told));
  });
});

describe('the look for who waits', { skip }, () => {
  function looking(t: TestContext, running: number) {
    const object = openProbes({ only: ['waiting', 'on_switch'] }).load();
    t.after(() => object.close());
    const root = tree(t, { loadavg: `0.10 0.20 0.30 ${running}/400 1234\n` });
    const link = object.program('waiting').attach();
    const throttlings = object.map('throttlings');
    const waiting = new Waiting({ link, throttlings, procRoot: root, emit: () => {} });
    t.after(() => waiting.close());
    const throttle = () => throttlings.set(new Uint8Array(4), new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
    return { waiting, throttle };
  }

  it('is not taken while only one task beside us can run', (t) => {
    const { waiting } = looking(t, 2);

    assert.deepEqual([waiting.look(0), waiting.look(250), waiting.looks], [QUIET_MS, QUIET_MS, 0]);
  });

  it('is taken when a third one can', (t) => {
    const { waiting } = looking(t, 3);
    waiting.look(0);

    assert.equal(waiting.looks, 1);
  });

  it('is taken for a second after a task was throttled, for that one does not count as running', (t) => {
    const { waiting, throttle } = looking(t, 1);
    waiting.look(0);
    throttle();

    for (const at of [250, 500, 750, 1_000, 1_250, 1_500]) waiting.look(at);

    assert.equal(waiting.looks, 4);
  });

  it('keeps one descriptor open, and none when it is closed', (t) => {
    const { waiting } = looking(t, 2);
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();

    waiting.look(0);
    waiting.look(250);
    const meanwhile = open();
    waiting.close();
    waiting.close();

    assert.deepEqual([meanwhile, open()], [before + 1, before]);
  });
});

/** Where the CPU controller is, a cgroup of the same path gets a quota; returns who puts a process there too. */
function giveQuota(t: TestContext, cgroup: Cgroup, quotaMs: number, periodMs: number): (child: ChildProcess) => void {
  const { unified, v1 } = findCgroupMounts('/proc');
  if (v1.cpu === undefined) {
    writeFileSync(`${unified}/cgroup.subtree_control`, '+cpu');
    writeFileSync(`${unified}${cgroup.path}/cpu.max`, `${quotaMs * 1e3} ${periodMs * 1e3}`);
    return () => {};
  }
  const folder = `${v1.cpu}${cgroup.path}`;
  mkdirSync(folder);
  t.after(() => until(() => removed(folder)));
  writeFileSync(`${folder}/cpu.cfs_period_us`, String(periodMs * 1e3));
  writeFileSync(`${folder}/cpu.cfs_quota_us`, String(quotaMs * 1e3));
  return ({ pid }) => writeFileSync(`${folder}/cgroup.procs`, String(pid));
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder);
  } catch {
    // The kernel lets go of tasks a moment after they were waited for.
  }
  return !existsSync(folder);
}
