import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Event } from '../../../src/core/model/event.ts';
import { BlockedTasks } from '../../../src/kernel/blocked.ts';
import { idle, ran, sample, threadSample } from '../../core/support/events.ts';
import { scratch } from '../../support/scratch.ts';

const SITE = 'folio_wait_bit_common';

/** A host whose `/proc` says where 7 and 8 wait, and what was told of tasks that are blocked: `tid: ms, site`. */
function watched() {
  const procRoot = mkdtempSync(join(scratch, 'blocked-'));
  for (const [place, site] of [
    ['7/task/7', SITE],
    ['7/task/8', '0'],
  ] as const) {
    mkdirSync(join(procRoot, place), { recursive: true });
    writeFileSync(join(procRoot, place, 'wchan'), site);
  }
  const told: string[] = [];
  const tasks = new BlockedTasks(procRoot, (event) => {
    if (event.kind === 'blocked') told.push(`${event.tid}: ${event.blockedMs} ms, ${event.site}`);
  });
  return {
    told,
    snapshot(at: number, ...events: readonly Event[]) {
      for (const event of [{ kind: 'snapshot-begin', at } as const, ...events, { kind: 'snapshot-end', at } as const])
        tasks.pass(event);
    },
  };
}

const D = { state: 'uninterruptible' } as const;

describe('a task that waits uninterruptibly', () => {
  it('is told with where it waits from one second on, be it sampled whole or as one that did nothing', () => {
    const { told, snapshot } = watched();

    snapshot(0, sample(7, { at: 0, ...D, used: ran(5) }));
    snapshot(900, idle(7, { at: 900 }));
    snapshot(2_000, sample(7, { at: 2_000, ...D, used: ran(5) }));
    snapshot(6_000, idle(7, { at: 6_000 }));

    assert.deepEqual(told, [`7: 2000 ms, ${SITE}`, `7: 6000 ms, ${SITE}`]);
  });

  it('begins anew when it got any CPU meanwhile: it has slept twice', () => {
    const { told, snapshot } = watched();

    for (let at = 0; at < 60_000; at += 1_000) snapshot(at, sample(7, { at, ...D, used: ran(at) }));

    assert.deepEqual(told, []);
  });

  it('is its leader, whatever other threads of the process do, and leave to it when they end', () => {
    const { told, snapshot } = watched();

    for (const at of [0, 2_000]) snapshot(at, sample(7, { at, ...D, used: ran(5 + at), leaderRuntimeNs: 5 }));

    assert.deepEqual(told, [`7: 2000 ms, ${SITE}`]);
  });

  it('begins anew when the leader ran by itself', () => {
    const { told, snapshot } = watched();

    for (const at of [0, 2_000]) snapshot(at, sample(7, { at, ...D, used: ran(5_000), leaderRuntimeNs: 5 + at }));

    assert.deepEqual(told, []);
  });

  it('is told by what may be known of it, where its IO is not for our eyes', () => {
    const { told, snapshot } = watched();
    const used = { ...ran(5), readBytes: Number.NaN, writeBytes: Number.NaN };

    for (const at of [0, 2_000]) snapshot(at, sample(7, { at, ...D, used }));

    assert.deepEqual(told, [`7: 2000 ms, ${SITE}`]);
  });

  it('may be a thread; what the kernel does not say is empty', () => {
    const { told, snapshot } = watched();

    for (const at of [0, 5_000]) snapshot(at, sample(7, { at }), threadSample(7, 8, { at, ...D }));

    assert.deepEqual(told, ['8: 5000 ms, ']);
  });

  it('is forgotten when it is awake, another process, or gone', () => {
    const { told, snapshot } = watched();

    snapshot(0, sample(7, { at: 0, ...D }), sample(9, { at: 0, ...D }), sample(11, { at: 0, ...D }));
    snapshot(2_000, sample(7, { at: 2_000 }), sample(9, { at: 2_000, ...D, startedNs: 99 }));
    snapshot(2_500, idle(7, { at: 2_500 }), idle(9, { at: 2_500, startedNs: 99 }));

    assert.deepEqual(told, []);
  });

  it('is not told of the kernel itself, whose threads may wait so for ever', () => {
    const { told, snapshot } = watched();

    for (const at of [0, 60_000]) snapshot(at, sample(7, { at, ...D, isKernelThread: true }));

    assert.deepEqual(told, []);
  });
});
