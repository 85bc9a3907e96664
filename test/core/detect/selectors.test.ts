import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkBurst from '../../../src/core/detect/fork-burst.ts';
import type { Selector } from '../../../src/core/detect/selectors.ts';
import { host } from './host.ts';

/** Whether a burst of `pool`, in web.service, is told. */
function isTold(selectors: {
  readonly include?: readonly Selector[];
  readonly exclude?: readonly Selector[];
}): boolean {
  const linux = host(forkBurst, selectors);
  linux.forks(linux.spawn('pool'), 100, { overMs: 1_000 });
  linux.pass(1_000);
  return linux.told.length > 0;
}

describe('what an operator wants to hear of', () => {
  it('is everything, if nothing is said', () => {
    assert.equal(isTold({}), true);
  });

  it('is not what is excluded, be it by detector, workload, group or user', () => {
    const all: Selector[] = [{ detector: 'fork-burst' }, { workload: /^web/u }, { group: /^pool$/u }, { uid: 0 }];

    assert.deepEqual(
      all.map((selector) => isTold({ exclude: [selector] })),
      [false, false, false, false],
    );
  });

  it('is only what is included, where anything is', () => {
    assert.deepEqual(
      [{ workload: /^web/u }, { workload: /^db/u }].map((selector) => isTold({ include: [selector] })),
      [true, false],
    );
  });

  it('must match in all that is given', () => {
    assert.equal(
      isTold({
        exclude: [
          { workload: /^web/u, uid: 7 },
          { detector: 'zombies', group: /pool/u },
        ],
      }),
      true,
    );
  });
});
