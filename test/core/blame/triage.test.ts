import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { confidence } from '../../../src/core/blame/confidence.ts';
import { littleOf, triage } from '../../../src/core/blame/triage.ts';
import type { Cause } from '../../../src/core/model/stall.ts';

/** Milliseconds in ten seconds; the whole of the neighbours is one, unless told otherwise. */
function verdict(byCause: Partial<Record<Cause, number>>, unseen = 0, largestNeighbour = byCause.neighbour ?? 0) {
  const whole = Object.values(byCause).reduce((sum, ms) => sum + ms, unseen);
  return triage({ whole, byCause, largestNeighbour, little: littleOf(10_000) });
}

describe('triage', () => {
  for (const cause of ['throttle', 'self', 'hypervisor', 'irq', 'kernel', 'neighbour', 'idle'] as const) {
    it(`says ${cause} where most of the wait was that`, () => {
      assert.equal(verdict({ neighbour: 90, self: 90, throttle: 90, [cause]: 600 }), cause);
    });
  }

  it('names a neighbour for 100 ms in 10 s and a fifth of the wait', () => {
    assert.equal(verdict({ neighbour: 100 }), 'neighbour');
    assert.equal(verdict({ neighbour: 100, self: 60, kernel: 60, idle: 60, irq: 60, throttle: 60 }, 100), 'neighbour');
  });

  it('takes the earlier of two equals: a quota, own threads, a hypervisor and the kernel before a neighbour', () => {
    for (const cause of ['throttle', 'self', 'hypervisor', 'irq', 'kernel'] as const)
      assert.equal(verdict({ neighbour: 500, [cause]: 500 }), cause);
  });
});

describe('a neighbour is not accused', () => {
  it('of what the own quota did, however busy it was meanwhile', () => {
    assert.equal(verdict({ throttle: 5_733, neighbour: 700 }), 'throttle');
  });

  it('where the wait is too little to speak of', () => {
    assert.equal(verdict({ neighbour: 99 }), 'none');
    assert.equal(verdict({ neighbour: 90, self: 20 }), 'none');
    assert.equal(verdict({}), 'none');
  });

  it('where there are many, and none of them much', () => {
    assert.equal(verdict({ neighbour: 2_000 }, 0, 399), 'crowd');
  });

  it('of what nobody saw', () => {
    assert.equal(verdict({ neighbour: 400 }, 400), 'unknown');
    assert.equal(verdict({ neighbour: 150, self: 150, kernel: 150, idle: 150 }, 350), 'unknown');
  });
});

describe('confidence', () => {
  it('falls with what was not seen', () => {
    assert.deepEqual(
      [0, 0.02, 0.021, 0.2, 0.21, 1].map((share) => confidence(share, false)),
      ['high', 'high', 'medium', 'medium', 'low', 'low'],
    );
  });

  it('is never high where a part is inferred', () => {
    assert.deepEqual([confidence(0, true), confidence(0.5, true)], ['medium', 'low']);
  });
});
