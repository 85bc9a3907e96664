import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Engine } from '../../../src/core/engine/engine.ts';
import { after, snapshot, WEB } from '../support/engine.ts';
import { exec, exit, fork, ran, reap, sample } from '../support/events.ts';

const SECOND = 1e9;

function rateOf(engine: Engine, pid: number, at: number) {
  const process = engine.tree.get(pid);
  assert.ok(process);
  const { cpuRatio, forksPerSecond } = engine.accounts.rates.of(process, at);
  return { cpuRatio, forksPerSecond };
}

/** A snapshot each second, from `from` on, of a process that has used this many seconds at each. */
function seconds(from: number, pid: number, used: readonly number[]) {
  return used.flatMap((runtime, index) => snapshot(from + index * 1_000, sample(pid, { used: ran(runtime * SECOND) })));
}

describe('what a process does now', () => {
  it('is what it did in the last seconds, not what it did in its life', () => {
    const busyThenIdle = [100, 101, 102, 103, 104, 105, 106, 106, 106, 106, 106, 106, 106, 106, 106, 106, 106];

    const engine = after(WEB, ...seconds(1_000, 20, busyThenIdle));

    assert.equal(rateOf(engine, 20, 17_000).cpuRatio, 0);
  });

  it('is two CPUs when it uses two seconds a second', () => {
    const engine = after(WEB, ...seconds(1_000, 20, [50, 52, 54, 56, 58, 60, 62]));

    assert.equal(rateOf(engine, 20, 7_500).cpuRatio, 2);
  });

  it('counts from its birth where that was seen', () => {
    const engine = after(WEB, fork(20, 1, { at: 1_000 }), ...snapshot(3_000, sample(20, { used: ran(SECOND) })));

    assert.equal(rateOf(engine, 20, 3_000).cpuRatio, 0.5);
  });

  it('is not known of who was there before us, until two snapshots told', () => {
    const engine = after(WEB, ...seconds(1_000, 20, [50]));

    assert.deepEqual(rateOf(engine, 20, 1_000).cpuRatio, Number.NaN);
  });

  it('is not what the one before with the same place did', () => {
    const engine = after(WEB, ...seconds(1_000, 20, [50, 51, 52, 53, 54, 55, 56]), { options: {} });
    engine.observe(exit(20, { at: 7_100 }));
    engine.observe(reap(20, { at: 7_200 }));
    for (const event of snapshot(8_000, sample(30, { used: ran(90 * SECOND) }))) engine.observe(event);

    assert.deepEqual(rateOf(engine, 30, 8_000).cpuRatio, Number.NaN);
  });
});

describe('forks of a process', () => {
  it('are those that it begat itself', () => {
    const engine = after(WEB, ...snapshot(1_000, sample(20)));
    for (let child = 0; child < 30; child++) engine.observe(fork(100 + child, 20, { at: 1_000 + child * 100 }));
    engine.observe(fork(200, 100, { at: 4_000 }));

    assert.deepEqual(
      [rateOf(engine, 20, 4_000).forksPerSecond, rateOf(engine, 100, 4_000).forksPerSecond],
      [10, 1 / 3],
    );
  });

  it('are one a second at most of who forked once, however young it is', () => {
    const engine = after(WEB, ...snapshot(1_000, sample(20)), fork(30, 20, { at: 1_500 }), fork(31, 30, { at: 1_501 }));

    assert.equal(rateOf(engine, 30, 1_502).forksPerSecond, 1);
  });

  it('are one when the same fork is told twice, and none of an exec', () => {
    const engine = after(WEB, ...snapshot(1_000, sample(20)));
    for (const event of [fork(100, 20), fork(100, 20), exec(100, 'make'), exec(20, 'sh')]) engine.observe(event);

    assert.equal(engine.tree.get(20)?.forks, 1);
  });

  it('are not known where forks are not seen', () => {
    const blind = { options: { senses: { lifecycle: false, counts: false, fds: false } } };

    const engine = after(blind, WEB, ...seconds(1_000, 20, [50, 51, 52]));

    assert.deepEqual(rateOf(engine, 20, 4_000), { cpuRatio: 1, forksPerSecond: Number.NaN });
  });
});
