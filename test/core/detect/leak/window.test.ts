import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEAK_DEFAULTS } from '../../../../src/core/detect/leak/options.ts';
import { growsAsLeak } from '../../../../src/core/detect/leak/window.ts';

const STEPS = 31;

/** Whether floors that begin at 1,000 and grow by these steps grow as a leak does. */
function isLeak(steps: readonly number[], start = 1_000): boolean {
  const floors = [start];
  for (const step of steps) floors.push(floors.at(-1)! + step);
  return growsAsLeak(Float64Array.from(floors), floors.length, LEAK_DEFAULTS);
}

/** Steps of 10, but for those that are told. */
function steps(others: Readonly<Record<number, number>> = {}): number[] {
  return Array.from({ length: STEPS }, (_, index) => others[index] ?? 10);
}

describe('floors that rise', () => {
  it('by the same each time are a leak', () => {
    assert.equal(isLeak(steps()), true);
  });

  it('by four tenths at once are a leak still; by more than half at once they are a step', () => {
    assert.deepEqual([isLeak(steps({ 15: 200 })), isLeak(steps({ 15: 400 }))], [true, false]);
  });

  it('by seven tenths in three steps are a leak still; by nine tenths they are steps', () => {
    const inThree = (each: number) => isLeak(steps({ 5: each, 15: each, 25: each }));

    assert.deepEqual([inThree(200), inThree(700)], [true, false]);
  });

  it('and fall now and then are a leak; that fall four times of ten go up and down', () => {
    const up = (count: number) =>
      isLeak(Array.from({ length: STEPS }, (_, index) => (((index + 1) * count) % STEPS < count ? -4 : 20)));

    assert.deepEqual([up(7), up(12)], [true, false]);
  });

  it('and slow down are none', () => {
    assert.equal(isLeak(Array.from({ length: STEPS }, (_, index) => (index < 18 ? 20 : 10))), false);
  });

  it('and stand still in the end are none', () => {
    assert.equal(isLeak(Array.from({ length: STEPS }, (_, index) => (index < 26 ? 20 : 0))), false);
  });

  it('by a few percent of what there was are none', () => {
    assert.deepEqual([isLeak(steps(), 5_000), isLeak(steps(), 8_000)], [true, false]);
  });

  it('only at the end of the window are for a shorter one to judge', () => {
    assert.equal(isLeak(Array.from({ length: STEPS }, (_, index) => (index < 22 ? 0 : 10))), false);
  });
});
