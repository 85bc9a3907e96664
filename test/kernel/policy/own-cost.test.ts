import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OwnCost } from '../../../src/kernel/own-cost.ts';

describe('what we cost', () => {
  it('is the CPU used since the last asking, as a share of that time', () => {
    let usedMs = 500;
    const cost = new OwnCost(() => usedMs, 1_000);

    usedMs += 80;
    const first = cost.ratio(11_000);
    usedMs += 20;
    const second = cost.ratio(16_000);

    assert.deepEqual([first, second], [0.008, 0.004]);
  });

  it('is nothing while nothing is used, whatever was before', () => {
    const cost = new OwnCost(() => 86_400_000, 0);

    assert.equal(cost.ratio(10_000), 0);
  });
});
