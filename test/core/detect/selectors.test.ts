import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkBurst from '../../../src/core/detect/fork-burst.ts';
import { isWanted, type Selector } from '../../../src/core/detect/selectors.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
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

/** Whether it is told of a pod in this namespace, when all but `shop` is excluded or only `shop` included. */
function isToldOf(namespace: string | undefined): readonly boolean[] {
  const workload = { kind: 'pod', name: 'till-5d9c', ...(namespace !== undefined && { namespace }) } as const;
  const finding = { culprit: undefined, workload } as Finding;
  const tells = (include: readonly Selector[], exclude: readonly Selector[]) =>
    isWanted(include, exclude, 'fork-burst', finding, { groupOf: () => undefined });
  return [tells([{ namespace: /^shop$/u }], []), tells([], [{ namespace: /^shop$/u }])];
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

  it('may be a namespace of Kubernetes; where none is known, none matches', () => {
    assert.deepEqual(
      [isToldOf('shop'), isToldOf('kube-system'), isToldOf(undefined)],
      [
        [true, false],
        [false, true],
        [false, true],
      ],
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
