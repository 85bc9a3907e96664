import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pageSizeBytes, RingReader } from '../../src/libbpf-ts/index.ts';

/**
 * The states that a program leaves a ring in for nanoseconds only, held still: a file with the layout of the kernel's
 * memory, mapped like it. Everything that a kernel can be made to do on purpose is tested in test/kernel.
 */
describe('a ring whose next record', () => {
  const page = pageSizeBytes();
  const sizeBytes = page;
  const busy = 2 ** 31;
  let folder: string;
  let fd: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ring-'));
    fd = openSync(join(folder, 'ring'), 'w+');
    ftruncateSync(fd, 2 * page + 2 * sizeBytes);
  });

  afterEach(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  const open = (options = {}) => new RingReader({ name: 'file', fd, capacity: sizeBytes }, options);
  const write = (value: number | bigint, at: number) => writeSync(fd, new BigUint64Array([BigInt(value)]), 0, 8, at);
  const produce = (position: number | bigint) => write(position, page);
  const consumeFrom = (position: number | bigint) => write(position, 0);
  const header = (value: number, at: number) => write(value, 2 * page + (at % sizeBytes));
  const consumed = () => {
    const position = new BigUint64Array(1);
    readSync(fd, position, 0, 8, 0);
    return position[0];
  };
  const read = (ring: RingReader) => {
    const seen: [number, number][] = [];
    ring.drain((offset, length) => seen.push([offset, length]));
    return seen;
  };

  it('is still being written waits for it, though later ones are complete', () => {
    header(8, 0);
    header(busy + 8, 16);
    header(8, 32);
    produce(48);
    using ring = open();

    assert.deepEqual(read(ring), [[8, 8]]);
    assert.equal(consumed(), 16n);
    assert.equal(ring.pendingBytes(), 32);

    header(8, 16);

    assert.deepEqual(read(ring), [
      [24, 8],
      [40, 8],
    ]);
    assert.equal(consumed(), 48n);
  });

  it('is busy at once gives nothing, and stores nothing', () => {
    consumeFrom(16);
    header(busy + 8, 16);
    produce(32);
    using ring = open();

    assert.deepEqual(read(ring), []);
    assert.equal(consumed(), 16n);
  });

  it('lies beyond 4 GiB since the start is found, and the position carries over', () => {
    const start = 2n ** 32n - 16n;
    consumeFrom(start);
    header(8, sizeBytes - 16);
    header(5, 0);
    produce(start + 32n);
    using ring = open();

    assert.deepEqual(read(ring), [
      [sizeBytes - 8, 8],
      [8, 5],
    ]);
    assert.equal(consumed(), 2n ** 32n + 16n);
  });

  it('is longer than the reader takes is skipped with an error, and those after it are read', () => {
    header(24, 0);
    header(8, 32);
    produce(48);
    using ring = open({ maxRecordBytes: 16 });

    assert.throws(
      () => read(ring),
      /a record of 24 bytes was skipped: this reader takes up to 16; raise maxRecordBytes/,
    );
    assert.deepEqual(read(ring), [[40, 8]]);
  });

  it('comes after the close is never touched: the memory is gone, and so are the arrays over it', () => {
    header(8, 0);
    produce(16);
    const ring = open();

    ring.close();
    ring.close();

    assert.throws(() => ring.drain(() => {}), /cannot read the ring: it is closed/);
    assert.throws(() => ring.pendingBytes(), /cannot read the ring: it is closed/);
    assert.deepEqual([ring.bytes.length, ring.bytes[0]], [0, undefined]);
    assert.throws(() => ring.view.getUint8(0), TypeError);
  });

  it('is read by someone who closes the ring under himself ends in an error, not in a crash', () => {
    header(8, 0);
    header(8, 16);
    produce(32);
    const ring = open();

    assert.throws(() => ring.drain(() => ring.close()), TypeError);
  });
});
