import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Reclaim, sharesOf } from '../../../src/core/blame/reclaim.ts';
import type { ProcessSampleEvent } from '../../../src/core/model/event.ts';
import type { Owner, StallEvent } from '../../../src/core/model/stall.ts';

const MEBIBYTE = 1 << 20;
const RECLAIM: Owner = { kind: 'kernel', id: 3 };
const STALL: StallEvent = {
  kind: 'stall',
  at: 0,
  resource: 'memory',
  basis: 'measured',
  victimId: 1,
  owner: RECLAIM,
  ns: 1_000,
  holders: [],
};

/** A host where a snapshot a second finds these MiB in each cgroup. */
function host() {
  const told: StallEvent[] = [];
  const reclaim = new Reclaim((event) => told.push(event));
  let at = 0;

  return {
    told,
    snapshot(mebibytes: Readonly<Record<number, number>>, passedMs = 1_000) {
      at += passedMs;
      for (const [id, size] of Object.entries(mebibytes)) {
        const part = (size * MEBIBYTE) / 2;
        reclaim.sample({
          cgroupId: Number(id),
          anonymousBytes: part,
          fileBytes: part,
          sharedBytes: 0,
        } as ProcessSampleEvent);
      }
      reclaim.endSnapshot(at);
    },
    stall: (event: Partial<StallEvent> = {}) => reclaim.observe({ ...STALL, ...event }),
    charged: () => told.map(({ owner, ns, basis }) => [owner.kind, owner.id, ns, basis]),
  };
}

describe('memory that had to be found for the whole host', () => {
  it('is charged to those that grew, each by how much, and is a guess', () => {
    const linux = host();
    linux.snapshot({ 1: 100, 2: 100, 3: 100 });
    linux.snapshot({ 1: 110, 2: 130, 3: 90 });

    linux.stall();

    assert.deepEqual(linux.charged(), [
      ['cgroup', 1, 250, 'inferred'],
      ['cgroup', 2, 750, 'inferred'],
    ]);
  });

  it('is charged to a cgroup that was not there before', () => {
    const linux = host();
    linux.snapshot({ 1: 100 });
    linux.snapshot({ 1: 100, 2: 64 });

    linux.stall();

    assert.deepEqual(linux.charged(), [['cgroup', 2, 1_000, 'inferred']]);
  });

  it('stays with the kernel where nobody grew, and where nothing is known yet', () => {
    const linux = host();

    linux.stall();
    linux.snapshot({ 1: 100, 2: 100 });
    linux.stall();
    linux.snapshot({ 1: 100.5, 2: 50 });
    linux.stall();

    assert.deepEqual(linux.charged(), Array(3).fill(['kernel', 3, 1_000, 'measured']));
  });

  it('is not charged to who grew half a minute ago', () => {
    const linux = host();
    linux.snapshot({ 1: 100, 2: 100 });
    linux.snapshot({ 1: 100, 2: 200 });
    for (let second = 0; second < 30; second++) linux.snapshot({ 1: 100, 2: 200 });

    linux.stall();

    assert.deepEqual(linux.charged(), [['kernel', 3, 1_000, 'measured']]);
  });
});

describe('memory found for a limit, and every other stall', () => {
  it('passes as it came, whoever grew', () => {
    const linux = host();
    linux.snapshot({ 1: 100, 2: 100 });
    linux.snapshot({ 1: 100, 2: 200 });

    linux.stall({ owner: { kind: 'cgroup', id: 1 } });
    linux.stall({ owner: { kind: 'kernel', id: 6 } });
    linux.stall({ resource: 'cpu' });

    assert.deepEqual(linux.charged(), [
      ['cgroup', 1, 1_000, 'measured'],
      ['kernel', 6, 1_000, 'measured'],
      ['kernel', 3, 1_000, 'measured'],
    ]);
  });
});

describe('shares of growth', () => {
  it('add up to one', () => {
    const shares = sharesOf([
      [1, 3 * MEBIBYTE],
      [2, 7 * MEBIBYTE],
      [3, -5 * MEBIBYTE],
    ]);

    assert.deepEqual(
      [...shares],
      [
        [1, 0.3],
        [2, 0.7],
      ],
    );
  });

  it('are none where nobody grew by a mebibyte', () => {
    assert.deepEqual(
      [
        ...sharesOf([
          [1, MEBIBYTE - 1],
          [2, -MEBIBYTE],
        ]),
      ],
      [],
    );
  });
});
