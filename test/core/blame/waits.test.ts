import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEngine, type Engine } from '../../../src/core/engine/engine.ts';
import { whoStallsWhom } from '../../../src/core/engine/who-stalls-whom.ts';
import type { Event } from '../../../src/core/model/event.ts';
import type { LongWaitEvent, WaitingEvent } from '../../../src/core/model/wait.ts';
import { exec, fork, reap } from '../support/events.ts';
import { page } from '../support/page.ts';

const WEB = { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' } as const;
const BATCH = { kind: 'cgroup-made', at: 0, cgroupId: 200, path: '/system.slice/batch.service' } as const;
const PEOPLE = [fork(10, 1), exec(10, 'nginx'), fork(20, 1, { cgroupId: 200 }), exec(20, 'xz', { cgroupId: 200 })];
const OF = { pid: 10, startedNs: 10, cgroupId: 100, tid: 11, cpu: 3 };

function after(...events: readonly Event[]): Engine {
  const engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
  for (const event of [WEB, BATCH, ...PEOPLE, ...events]) engine.observe(event);
  return engine;
}

/** It waited for another's process, unless told otherwise. */
function waited(at: number, waitedMs: number, more: Partial<LongWaitEvent> = {}): LongWaitEvent {
  const parts = [{ owner: { kind: 'cgroup', id: 200 }, pid: 20, ns: waitedMs * 1e6 }] as const;
  return { kind: 'long-wait', at, ...OF, waitedNs: waitedMs * 1e6, parts, restNs: 0, ...more };
}

function waiting(at: number, waitedMs: number, more: Partial<WaitingEvent> = {}): WaitingEvent {
  const owner = { kind: 'cgroup', id: 200 } as const;
  return { kind: 'waiting', at, ...OF, waitedNs: waitedMs * 1e6, owner, ownerPid: 20, ...more };
}

const looked = (at: number) => ({ kind: 'waiting-end', at }) as const;
const tick = (at: number) => ({ kind: 'tick', at }) as const;
/** By workload, of those that have one. */
const gauge = ({ accounts }: Engine) =>
  Object.fromEntries(
    Object.entries(page(accounts.workloads, 'longest_wait_seconds')).flatMap(
      ([name, { longest_wait_seconds: seconds }]) => (seconds === undefined ? [] : [[name, seconds]]),
    ),
  );
const secondsOf = (engine: Engine, at: number) =>
  engine.waits.longestWaits('web.service', at).map(({ seconds }) => seconds);

describe('a long wait', () => {
  it('is told with who waited, for whom, and for how much of it, by name', () => {
    const parts = [
      { owner: { kind: 'cgroup', id: 200 }, pid: 20, ns: 240e6 },
      { owner: { kind: 'cgroup', id: 100 }, pid: 10, ns: 30e6 },
      { owner: { kind: 'kernel', id: 1 }, pid: 9, ns: 20e6 },
      { owner: { kind: 'throttle', id: 100 }, pid: 0, ns: 7e6 },
    ] as const;
    const engine = after(waited(1_000, 300, { parts, restNs: 3e6 }));

    const [told] = engine.waits.longestWaits('web.service', 1_000);

    assert.deepEqual(told, {
      ...{ at: 1_000, pid: 10, startedNs: 10, tid: 11, name: 'nginx', cpu: 3, seconds: 0.3 },
      parts: [
        { offender: 'batch.service', cause: 'neighbour', pid: 20, name: 'xz', seconds: 0.24, share: 0.8 },
        { offender: 'web.service', cause: 'self', pid: 10, name: 'nginx', seconds: 0.03, share: 0.1 },
        { offender: 'kernel:kworker', cause: 'kernel', pid: 9, name: '', seconds: 0.02, share: 20 / 300 },
        { offender: 'web.service', cause: 'throttle', pid: 0, name: '', seconds: 0.007, share: 7 / 300 },
      ],
      remainder: { seconds: 0.003, share: 0.01 },
    });
  });

  it('keeps the names of those who are gone when somebody asks', () => {
    const engine = after(waited(1_000, 300), reap(20, { at: 1_001, cgroupId: 200 }), reap(10, { at: 1_001 }));

    const [told] = engine.waits.longestWaits('web.service', 1_500);

    assert.deepEqual([told?.name, told?.parts[0]?.name], ['nginx', 'xz']);
  });

  it('stands beside the sums of its victim, and so does one that goes on', () => {
    const stall = { kind: 'stall', at: 1_000, resource: 'cpu', basis: 'measured', victimId: 100 } as const;
    const owner = { kind: 'cgroup', id: 200 } as const;
    const engine = after(
      { ...stall, owner, ns: 300e6, holders: [] },
      waited(1_000, 300),
      waiting(1_000, 150),
      looked(1_000),
    );

    const { victims } = whoStallsWhom(engine, { windowMs: 10_000 }, 1_000);

    assert.deepEqual(victims[0]?.longest, [
      { pid: 10, name: 'nginx', seconds: 0.3, isOver: true, behind: 'batch.service' },
      { pid: 10, name: 'nginx', seconds: 0.15, isOver: false, behind: 'batch.service' },
    ]);
  });

  it('is one of the five longest of the last minute, longest first', () => {
    const waits = [60, 90, 55, 70, 80, 65, 95].map((ms, index) => waited(5_000 * index, ms));

    assert.deepEqual(secondsOf(after(...waits), 31_000), [0.095, 0.09, 0.08, 0.07, 0.065]);
  });

  it('is known although three hundred longer ones came before it and are too old by now', () => {
    const old = Array.from({ length: 300 }, (_, index) => waited(index, 500 + index));

    assert.deepEqual(secondsOf(after(...old, waited(45_000, 60)), 61_000), [0.06]);
  });

  it('is forgotten a minute after its end, and so is its gauge', () => {
    const engine = after(waited(1_000, 300), tick(60_999));
    assert.deepEqual(gauge(engine), { 'web.service unit': 0.3 });

    engine.observe(tick(61_000));

    assert.deepEqual([secondsOf(engine, 61_000), gauge(engine)], [[], {}]);
  });

  it('of an older run of the clock does not stand where a new one belongs', () => {
    const engine = after(waited(1_000, 900), waited(61_500, 60));

    assert.deepEqual(secondsOf(engine, 61_500), [0.06]);
  });

  it('is nobody else’s', () => {
    const engine = after(waited(1_000, 300), tick(1_000));

    assert.deepEqual(
      [engine.waits.longestWaits('batch.service', 1_000), Object.keys(gauge(engine))],
      [[], ['web.service unit']],
    );
  });

  it('pushes out the victim that was quiet longest when there are too many, and that is counted', () => {
    const victims = Array.from({ length: 257 }, (_, index) => waited(index, 300, { cgroupId: 1_000 + index }));
    const engine = after(...victims);

    assert.deepEqual(
      [0, 1, 256].map((index) => engine.waits.longestWaits(`cgroup:${1_000 + index}`, 300).length),
      [0, 1, 1],
    );
    assert.equal(engine.stats().overflow.waits, 1);
  });
});

describe('a wait that goes on', () => {
  it('is shown with who has the CPU now, and as the longest, as soon as a look has ended', () => {
    const engine = after(waited(900, 60), waiting(1_000, 120), looked(1_000));

    assert.deepEqual(engine.waits.openWaits('web.service', 1_000), [
      {
        ...{ at: 1_000, pid: 10, startedNs: 10, tid: 11, name: 'nginx', cpu: 3, seconds: 0.12 },
        behind: { offender: 'batch.service', cause: 'neighbour', pid: 20, name: 'xz' },
      },
    ]);
    assert.deepEqual(gauge(engine), { 'web.service unit': 0.12 });
  });

  it('is the doing of a quota when one forbids it', () => {
    const throttled = waiting(1_000, 120, { owner: { kind: 'throttle', id: 100 }, ownerPid: 0 });
    const [open] = after(throttled, looked(1_000)).waits.openWaits('web.service', 1_000);

    assert.deepEqual(open?.behind, { offender: 'web.service', cause: 'throttle', pid: 0, name: '' });
  });

  it('is over when the next look does not find it, and leaves no gauge but its event', () => {
    const engine = after(waiting(1_000, 120), looked(1_000), looked(1_250));

    assert.deepEqual([engine.waits.openWaits('web.service', 1_250), gauge(engine)], [[], {}]);
  });

  it('is what the last look saw, not what all did: eight of a cgroup, longest first', () => {
    const many = Array.from({ length: 100 }, (_, index) => waiting(1_250, 100 + index, { tid: index }));
    const engine = after(waiting(1_000, 900), looked(1_000), ...many, looked(1_250));

    assert.deepEqual(
      engine.waits.openWaits('web.service', 1_250).map(({ tid }) => tid),
      [99, 98, 97, 96, 95, 94, 93, 92],
    );
  });

  it('follows the workload to its right name, and leaves no gauge under the other', () => {
    const unnamed = waiting(1_000, 120, { cgroupId: 300 });
    const named = { kind: 'cgroup-made', at: 1_100, cgroupId: 300, path: '/system.slice/late.service' } as const;
    const engine = after(unnamed, looked(1_000), named);
    assert.deepEqual(gauge(engine), { 'late.service unit': 0.12 });

    engine.observe(looked(1_250));

    assert.deepEqual(gauge(engine), {});
  });

  it('of two cgroups of one workload is the longer one', () => {
    const inner = { ...WEB, cgroupId: 101, path: '/system.slice/web.service/workers' };
    const engine = after(inner, waiting(1_000, 300), waiting(1_000, 120, { cgroupId: 101 }), looked(1_000));

    assert.deepEqual(gauge(engine), { 'web.service unit': 0.3 });
    assert.equal(engine.waits.openWaits('web.service', 1_000).length, 2);
  });
});
