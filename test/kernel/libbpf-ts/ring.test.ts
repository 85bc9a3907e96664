import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { BpfObject, IteratorReader, RingReader, readU64 } from '../../../src/libbpf-ts/index.ts';
import { asU64, compileFixture, u32, u64 } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

describe('a ring that the kernel fills', { skip: requirement('bpf', 'clang') }, () => {
  let object: BpfObject;
  let ring: RingReader;
  let filler: IteratorReader;

  before(() => {
    object = BpfObject.open(compileFixture()).load();
    filler = new IteratorReader(object.program('fill').attach());
    ring = new RingReader(object.map('ring'));
  });

  beforeEach(() => ring.drain(() => {}));

  after(() => {
    ring.close();
    object.close();
  });

  /** Writes `records` records; fewer when the ring is full. */
  const fill = (records: number, { bytes = 16, spread = 0, discardEvery = 0 } = {}) => {
    for (const [index, value] of [records, bytes, spread, discardEvery].entries()) {
      object.map('array').set(u32(index), u64(value));
    }
    filler.run();
  };

  const sequence = (offset: number) => ring.view.getUint32(offset, true);

  it('delivers records of every length in order, whole, across its end', () => {
    let delivered = 0;

    for (let round = 0; round < 500; round += 1) {
      fill(20, { bytes: 16, spread: 97 });
      let expected = 0;
      ring.drain((offset, length) => {
        assert.deepEqual(
          [sequence(offset), ring.view.getUint32(offset + 4, true), readU64(ring.view, offset + 8)],
          [expected, length, expected * 2 ** 20],
        );
        expected += 1;
      });
      delivered += expected;
    }

    assert.equal(delivered, 10_000);
  });

  it('leaves out what the program discarded', () => {
    fill(20, { discardEvery: 3 });
    const seen: number[] = [];

    const records = ring.drain((offset) => seen.push(sequence(offset)));

    assert.equal(records, 20);
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, index) => index),
    );
    assert.equal(ring.pendingBytes(), 0);
  });

  it('delivers nothing when nothing was written', () => {
    assert.equal(
      ring.drain(() => assert.fail('no record')),
      0,
    );
    assert.equal(ring.pendingBytes(), 0);
  });

  it('keeps the oldest and counts the loss when nobody reads, and has its room back afterwards', () => {
    const before = asU64(object.variable('lost').read());
    fill(10_000, { bytes: 56 });
    const lost = asU64(object.variable('lost').read()) - before;
    const first: number[] = [];

    ring.drain((offset) => first.push(sequence(offset)));
    fill(63, { bytes: 56 });

    assert.equal(lost, 1);
    assert.deepEqual(
      first,
      Array.from({ length: first.length }, (_, index) => index),
    );
    assert.equal(first.length, 63);
    assert.equal(
      ring.drain(() => {}),
      63,
    );
  });

  it('hands out as many as asked, and the rest later', () => {
    fill(10);
    const seen: number[] = [];
    const note = (offset: number) => seen.push(sequence(offset));

    assert.deepEqual([ring.drain(note, 3), ring.drain(note, 3), ring.drain(note)], [3, 3, 4]);
    assert.deepEqual(seen, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('counts a record as read when its reader throws, and goes on with the next', () => {
    fill(3);
    const seen: number[] = [];

    assert.throws(() =>
      ring.drain((offset) => {
        seen.push(sequence(offset));
        throw new Error('indigestible');
      }),
    );
    ring.drain((offset) => seen.push(sequence(offset)));

    assert.deepEqual(seen, [0, 1, 2]);
  });

  it('picks up where the reader before it stopped', () => {
    fill(5);
    using first = new RingReader(object.map('ring'));
    first.drain(() => {}, 2);
    const seen: number[] = [];
    using second = new RingReader(object.map('ring'));

    second.drain((offset) => seen.push(second.view.getUint32(offset, true)));

    assert.deepEqual(seen, [2, 3, 4]);
    ring.close();
    ring = new RingReader(object.map('ring'));
  });

  it('refuses a map that is no ring', () => {
    assert.throws(() => new RingReader(object.map('array')), /cannot map the consumer page of ring array: E/);
  });
});
