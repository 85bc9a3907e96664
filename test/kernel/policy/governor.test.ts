import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Governor, type Level } from '../../../src/kernel/governor.ts';

const EVERY_MS = 10_000;

/** Percent of a CPU, judged every ten seconds; the level after each. */
function levels(governor: Governor, percents: readonly number[]): Level[] {
  return percents.map((percent) => {
    governor.judge(nextAt(governor), percent / 100);
    return governor.level;
  });
}

const clocks = new WeakMap<Governor, number>();

function nextAt(governor: Governor): number {
  const at = (clocks.get(governor) ?? 0) + EVERY_MS;
  clocks.set(governor, at);
  return at;
}

const govern = (levelMax: Level = 1) => new Governor({ levelMax, stepDownRatio: 0.008, stopRatio: 0.015 });
const times = (count: number, percent: number) => new Array<number>(count).fill(percent);

describe('the governor, which steps down past 0.8 % and stops at 1.5 %', () => {
  it('gives up a level when the cost stays above the threshold', () => {
    assert.deepEqual(levels(govern(), [0.9, 0.9, 0.9]), [1, 0, 0]);
  });

  it('gives up one level at a time', () => {
    assert.deepEqual(levels(govern(2), times(5, 1.2)), [2, 1, 1, 0, 0]);
  });

  it('gives up all of them at once past 1.5 %', () => {
    assert.deepEqual(levels(govern(2), [1.6]), [0]);
  });

  it('takes a level up again after 60 s below 0.5 %', () => {
    const governor = govern();

    levels(governor, [1.6]);

    assert.deepEqual(levels(governor, times(8, 0.4)), [0, 0, 0, 0, 0, 0, 1, 1]);
  });

  it('waits as long for each level', () => {
    const governor = govern(2);

    levels(governor, [1.6]);

    assert.deepEqual(levels(governor, times(14, 0.4)), [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2]);
  });

  it('tells those who listen of each change, and of the level that they begin with', () => {
    const governor = govern();
    const told: Level[] = [];

    governor.onLevel((level) => told.push(level));
    levels(governor, [1.6, ...times(7, 0.4)]);

    assert.deepEqual(told, [1, 0, 1]);
    assert.deepEqual(governor.reading, { level: 1, ownCostRatio: 0.004, stepsDown: 1, stepsUp: 1 });
  });

  it('counts a stop as the steps that it is', () => {
    const governor = govern(2);

    levels(governor, [1.6]);

    assert.equal(governor.reading.stepsDown, 2);
  });

  it('knows no cost before it was told one', () => {
    assert.deepEqual(govern().reading, { level: 1, ownCostRatio: Number.NaN, stepsDown: 0, stepsUp: 0 });
  });
});

describe('the governor is silent', () => {
  it('at rest, for an hour', () => {
    const governor = govern();
    const told: Level[] = [];

    governor.onLevel((level) => told.push(level));
    levels(governor, times(360, 0.45));

    assert.deepEqual([told, governor.reading.stepsUp], [[1], 0]);
  });

  it('when one window alone is dear', () => {
    assert.deepEqual(levels(govern(), [0.9, 0.4, 0.9, 0.4, 1.4]), [1, 1, 1, 1, 1]);
  });

  it('between 0.5 % and 0.8 %, whichever level it is at', () => {
    const stopped = govern();

    levels(stopped, [1.6]);

    assert.deepEqual(levels(stopped, times(20, 0.6)), times(20, 0));
    assert.deepEqual(levels(govern(), times(20, 0.79)), times(20, 1));
  });

  it('when the calm is interrupted: it begins anew', () => {
    const governor = govern();

    levels(governor, [1.6, ...times(6, 0.4), 0.6]);

    assert.deepEqual(levels(governor, times(7, 0.4)), [0, 0, 0, 0, 0, 0, 1]);
  });

  it('at the lowest level, whatever is left to cost', () => {
    const governor = govern();
    const told: Level[] = [];

    levels(governor, [1.6]);
    governor.onLevel((level) => told.push(level));
    levels(governor, times(20, 5));

    assert.deepEqual([told, governor.reading.stepsDown], [[0], 1]);
  });
});
