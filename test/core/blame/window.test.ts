import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { CpuUse } from '../../../src/core/blame/cpu-use.ts';
import { coveredMs, Window } from '../../../src/core/blame/window.ts';

describe('a window of the last minute', () => {
  it('sums what lies within so many seconds', () => {
    const window = new Window();
    for (let second = 0; second < 120; second++) window.add(second * 1_000, 1);

    const sums = [2_000, 10_000, 30_000, 60_000].map((ms) => window.sum(119_999, ms));

    assert.deepEqual(sums, [2, 10, 30, 60]);
  });

  it('is about the part of its last step that has passed', () => {
    const window = new Window();
    for (let second = 0; second < 100; second++) window.add(second * 1_000, 1);

    assert.deepEqual([window.sum(99_000, 10_000), coveredMs(99_000, 10_000)], [10, 9_000]);
    assert.deepEqual([coveredMs(100_000, 2_000), coveredMs(101_500, 60_000)], [0, 59_500]);
  });

  it('never looks back further than it remembers', () => {
    const window = new Window();
    window.add(0, 5);

    assert.deepEqual([window.sum(59_999, 900_000), window.sum(60_000, 900_000)], [5, 0]);
  });
});

describe('a window in which nothing happened', () => {
  it('is empty, at the start and after any pause', () => {
    const window = new Window();
    const before = window.sum(1e9, 60_000);
    window.add(1e9, 7);

    assert.deepEqual([before, window.sum(1e9 + 3_600_000, 60_000), window.sum(1e9 + 7_200_000, 60_000)], [0, 0, 0]);
  });

  it('is forgotten with its workload after a minute', () => {
    const use = new CpuUse();
    use.add(0, 'idle', 5);
    use.add(50_000, 'busy', 5);

    use.sweep(70_000);

    assert.deepEqual(
      [[...use.names()], use.sum('idle', 70_000, 60_000), use.sum('busy', 70_000, 60_000)],
      [['busy'], 0, 5],
    );
  });
});
