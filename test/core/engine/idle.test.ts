import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import type { Event } from '../../../src/core/model/event.ts';
import { exec, exit, fork, idle, ran, reap, sample, threadSample } from '../support/events.ts';
import { page } from '../support/page.ts';

const SENSES = { lifecycle: true, counts: true, fds: true };
const WEB = { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' } as const;
const DB = { kind: 'cgroup-made', at: 0, cgroupId: 101, path: '/system.slice/db.service' } as const;
const ROW = 'dash web.service unit';
const GAUGES = [
  'memory_resident_bytes',
  'memory_anonymous_bytes',
  'memory_swap_bytes',
  'memory_max_bytes',
  'open_fds',
  'fd_limit_ratio',
  'processes_running',
  'processes_sleeping',
  'processes_uninterruptible',
  'threads_sleeping',
  'threads_uninterruptible',
];

describe('a process that is as its last sample told', () => {
  it('counts in every gauge as if it had been sampled again, beside one that was', () => {
    const others = (at: number) => sample(21, { at, anonymousBytes: at * 1_000, state: 'running' });
    const still = sample(20, { fds: 512, state: 'uninterruptible' });
    const told = after(WEB, ...snapshot(1, still, others(1)), ...snapshot(2, idle(20), others(2)));
    const sampled = after(WEB, ...snapshot(1, still, others(1)), ...snapshot(2, still, others(2)));

    assert.deepEqual(page(told.accounts.groups, ...GAUGES), page(sampled.accounts.groups, ...GAUGES));
    assert.equal(told.tree.takeShort(), false);
  });

  it('stays in the tree as long as snapshots say that it is there, and no longer', () => {
    const engine = after(WEB, ...snapshot(1, sample(20)), ...snapshot(2, idle(20)), ...snapshot(3, idle(20)));

    assert.deepEqual([engine.tree.size, engine.stats().processesEndedUnseen], [1, 0]);
    for (const event of snapshot(4)) engine.observe(event);
    assert.deepEqual([engine.tree.size, engine.stats().processesEndedUnseen], [0, 1]);
  });

  it('has used nothing more, however often that is told, and later what it uses from then on', () => {
    const engine = after(
      WEB,
      fork(20, 1),
      exec(20, 'dash'),
      ...snapshot(1, sample(20, { at: 1, used: ran(2e9) })),
      ...snapshot(2, idle(20)),
      ...snapshot(3, idle(20)),
    );
    const seconds = () => page(engine.accounts.groups, 'cpu_user_seconds')[ROW]?.cpu_user_seconds;

    assert.equal(seconds(), 2);
    for (const event of snapshot(4, sample(20, { used: ran(3e9) }))) engine.observe(event);
    assert.equal(seconds(), 3);
    for (const event of [...snapshot(5, idle(20)), exit(20, { used: ran(3e9) }), reap(20, { used: ran(4e9) })])
      engine.observe(event);
    assert.equal(seconds(), 4);
  });

  it('does not count the threads of an earlier sample again', () => {
    const engine = after(
      WEB,
      ...snapshot(1, sample(20, { threads: 2 }), threadSample(20, 21)),
      ...snapshot(2, sample(20)),
      ...snapshot(3, idle(20)),
    );

    assert.deepEqual(page(engine.accounts.groups, 'threads_sleeping')[ROW], { threads_sleeping: 1 });
  });

  it('is no reason to forget how fast it grew, nor to say that it still grows', () => {
    const growing = Array.from({ length: 10 }, (_, index) =>
      snapshot(index * 8_000, sample(20, { at: index * 8_000, anonymousBytes: index * 8_000_000 })),
    );
    const still = Array.from({ length: 10 }, (_, index) =>
      snapshot(80_000 + index * 8_000, idle(20, { at: 80_000 + index * 8_000 })),
    );
    const rate = (...events: Event[]) =>
      page(after(WEB, ...events).accounts.groups, 'memory_growth_bytes_per_second')[ROW];

    assert.deepEqual(
      [rate(...growing.flat()), rate(...growing.flat(), ...still.flat())],
      [{ memory_growth_bytes_per_second: 1e6 }, { memory_growth_bytes_per_second: 0 }],
    );
  });

  it('counts where it lives now, when somebody moved it', () => {
    const moved = { kind: 'cgroup-entered', at: 1, pid: 20, startedNs: 20, cgroupId: 101, path: '' } as const;
    const engine = after(WEB, DB, ...snapshot(1, sample(20)), moved, ...snapshot(2, idle(20)));

    assert.deepEqual(page(engine.accounts.groups, 'processes_sleeping'), {
      'dash db.service unit': { processes_sleeping: 1 },
      [ROW]: { processes_sleeping: 0 },
    });
  });

  it('is regrouped by new rules', () => {
    const engine = after(WEB, ...snapshot(1, sample(20)));
    engine.accounts.setRules([{ name: 'shells', exe: /^dash$/ }]);
    for (const event of snapshot(2, idle(20))) engine.observe(event);

    assert.equal(engine.accounts.groupOf(engine.tree.get(20)!), 'shells');
  });
});

describe('a process of which no sample told', () => {
  it('is not invented from an idle sample, but a whole snapshot is asked for, once', () => {
    const engine = after(WEB, ...snapshot(1, idle(20)));

    assert.deepEqual([engine.tree.size, page(engine.accounts.groups, ...GAUGES)], [0, {}]);
    assert.deepEqual([engine.tree.takeShort(), engine.tree.takeShort()], [true, false]);
  });

  it('is not a member with unknown memory when only its fork was told', () => {
    const engine = after(WEB, fork(20, 1), ...snapshot(1, sample(21), idle(20)));

    assert.deepEqual(page(engine.accounts.groups, 'memory_anonymous_bytes')[ROW], { memory_anonymous_bytes: 1_000 });
    assert.deepEqual([engine.tree.takeShort(), engine.tree.get(20)?.pid], [true, 20]);
  });

  it('is not asked for when the tree has no room for it', () => {
    const engine = createEngine({ senses: SENSES, processesMax: 1 });
    for (const event of [WEB, ...snapshot(1, sample(20), idle(21))]) engine.observe(event);

    assert.deepEqual([engine.tree.takeShort(), engine.stats().processesRefused], [false, 1]);
  });

  it('is not asked for when it ended, nor raised', () => {
    const engine = after(WEB, ...snapshot(1, sample(20)), exit(20), reap(20), ...snapshot(2, idle(20)));

    assert.deepEqual([engine.tree.takeShort(), engine.tree.size], [false, 0]);
  });
});

describe('an exec that the ring tells after a snapshot met the new program', () => {
  it('does not take away what the snapshot told', () => {
    const late = exec(20, 'dash', { at: 5 });
    const engine = after(
      WEB,
      fork(20, 1),
      { kind: 'snapshot-begin', at: 4 },
      sample(20, { at: 6, comm: 'renamed' }),
      late,
      { kind: 'snapshot-end', at: 7 },
      ...snapshot(8, idle(20)),
    );

    assert.deepEqual(page(engine.accounts.groups, 'memory_anonymous_bytes', 'execs')[ROW], {
      memory_anonymous_bytes: 1_000,
      execs: 1,
    });
    assert.deepEqual([engine.tree.takeShort(), engine.tree.get(20)?.comm], [false, 'renamed']);
  });

  it('makes an older sample worthless, so that all is asked for again', () => {
    const engine = after(
      WEB,
      ...snapshot(1, sample(20, { at: 1 })),
      exec(20, 'nginx', { at: 2 }),
      ...snapshot(3, idle(20)),
    );

    assert.equal(engine.tree.takeShort(), true);
  });
});

function after(...events: readonly Event[]): Engine {
  const engine = createEngine({ senses: SENSES });
  for (const event of events) engine.observe(event);
  return engine;
}

function snapshot(at: number, ...samples: readonly Event[]): Event[] {
  return [{ kind: 'snapshot-begin', at }, ...samples, { kind: 'snapshot-end', at }];
}
