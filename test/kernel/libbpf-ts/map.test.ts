import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { BatchReader, BpfObject, perCpuStride, possibleCpus, readU64 } from '../../../src/libbpf-ts/index.ts';
import { asU64, compileBpf, compileFixture, u32, u64 } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

describe('a map', { skip: requirement('bpf', 'clang') }, () => {
  let object: BpfObject;

  before(() => {
    object = BpfObject.open(compileFixture()).configure({ target_pid: process.pid });
    object.map('table').capacity = 5_000;
    object.load();
  });

  after(() => object.close());

  const emptied = (name: string) => {
    const map = object.map(name);
    for (const key of [...map.keys()]) map.delete(key);
    return map;
  };

  it('keeps what is written, and forgets what is deleted', () => {
    const table = emptied('table');

    table.set(u32(1), u64(10));
    table.set(u32(2), u64(20));
    table.set(u32(1), u64(11));

    assert.equal(asU64(table.get(u32(1))!), 11);
    assert.equal(table.delete(u32(2)), true);
    assert.deepEqual([...table.keys()], [u32(1)]);
  });

  it('has no entry for a key that was never written, and nothing to delete', () => {
    const table = emptied('table');

    assert.equal(table.get(u32(404)), undefined);
    assert.equal(table.delete(u32(404)), false);
    assert.deepEqual([...table.keys()], []);
    assert.equal(new BatchReader(table).count(), 0);
  });

  it('writes over an entry, or beside it, only as allowed', () => {
    const table = emptied('table');
    table.set(u32(1), u64(10), 'insert');

    assert.throws(() => table.set(u32(1), u64(11), 'insert'), /cannot write map table: EEXIST/);
    assert.throws(() => table.set(u32(2), u64(20), 'replace'), /cannot write map table: ENOENT/);
    assert.equal(asU64(table.get(u32(1))!), 10);
  });

  it('says so when it is full', () => {
    const table = emptied('per_cpu_table');
    const value = new Uint8Array(table.entryBytes);
    const fill = () => Array.from({ length: table.capacity * 2 }, (_, index) => table.set(u32(index), value));

    assert.throws(fill, /cannot write map per_cpu_table: E2BIG/);
    emptied('per_cpu_table');
  });

  it('refuses keys and values of another size before the kernel reads beyond them', () => {
    const table = object.map('table');

    assert.throws(() => table.get(new Uint8Array(3)), /a key of map table has 4 bytes, not 3/);
    assert.throws(() => table.set(u32(1), new Uint8Array(4)), /a value of map table has 8 bytes, not 4/);
    assert.throws(() => object.map('per_cpu').lookup(u32(0), new Uint8Array(4)), /a value of map per_cpu has/);
  });

  it('hands out 4,999 entries in batches, each once, however small the batch', () => {
    const table = emptied('table');
    for (let key = 1; key < 5_000; key += 1) table.set(u32(key), u64(key * 3));

    for (const entriesPerCall of [1, 7, 1024, 100_000]) {
      const batch = new BatchReader(table, { entriesPerCall });
      const seen = new Map<number, number>();

      const count = batch.forEach((key, value) => {
        seen.set(batch.keys.getUint32(key, true), readU64(batch.values, value));
      });

      assert.equal(count, 4_999);
      assert.equal(seen.size, 4_999);
      assert.equal(
        [...seen].every(([key, value]) => value === key * 3),
        true,
      );
    }
  });

  it('reads arrays in batches too, and the same reader again', () => {
    const array = object.map('array');
    for (const index of [0, 1, 2, 3]) array.set(u32(index), u64(index * 100));
    const batch = new BatchReader(array, { entriesPerCall: 3 });
    const read = () => {
      const values: number[] = [];
      batch.forEach((_, value) => {
        values.push(readU64(batch.values, value));
      });
      return values;
    };

    assert.deepEqual(
      [read(), read()],
      [
        [0, 100, 200, 300],
        [0, 100, 200, 300],
      ],
    );
    for (const index of [0, 1, 2, 3]) array.set(u32(index), u64(0));
  });

  it('sums the values of all CPUs to what happened', () => {
    const counts = object.map('per_cpu');
    const before = sumOfCpus();
    using link = object.program('on_fork').attach();

    for (let time = 0; time < 23; time += 1) spawnSync('true');

    assert.equal(link.program, 'on_fork');
    assert.equal(sumOfCpus() - before, 23);

    function sumOfCpus(): number {
      const batch = new BatchReader(counts);
      let sum = 0;
      batch.forEach((_, value) => {
        for (let cpu = 0; cpu < possibleCpus(); cpu += 1) {
          sum += batch.values.getUint32(value + cpu * perCpuStride(counts.valueBytes), true);
        }
      });
      return sum;
    }
  });

  it('batches a hash of per-CPU values', () => {
    const table = emptied('per_cpu_table');
    const value = new Uint8Array(table.entryBytes).fill(1);
    for (let key = 0; key < 40; key += 1) table.set(u32(key), value);

    const batch = new BatchReader(table, { entriesPerCall: 16 });
    let sum = 0;
    const count = batch.forEach((_, at) => {
      sum += batch.values.getUint8(at + table.entryBytes - 1);
    });

    assert.deepEqual([count, sum], [40, 40]);
  });

  it('tells how much kernel memory it takes', () => {
    assert.equal(object.map('table').memoryBytes() > 5_000 * 12, true);
  });
});

describe('a map that the kernel cannot read in batches', { skip: requirement('bpf', 'clang') }, () => {
  it('is read entry by entry, with the same result: two places of four hold the loopback device', () => {
    using object = BpfObject.open(
      compileBpf(`
        #include <linux/types.h>
        #include <linux/bpf.h>
        #include <bpf/bpf_helpers.h>
        struct {
          __uint(type, BPF_MAP_TYPE_DEVMAP);
          __uint(max_entries, 4);
          __type(key, __u32);
          __type(value, __u32);
        } devices SEC(".maps");`),
    ).load();
    const devices = object.map('devices');
    devices.set(u32(1), u32(1));
    devices.set(u32(3), u32(1));
    const batch = new BatchReader(devices);
    const read = () => {
      const entries: number[][] = [];
      batch.forEach((key, value) => {
        entries.push([batch.keys.getUint32(key, true), batch.values.getUint32(value, true)]);
      });
      return entries;
    };

    assert.deepEqual(
      [read(), read()],
      [
        [
          [1, 1],
          [3, 1],
        ],
        [
          [1, 1],
          [3, 1],
        ],
      ],
    );
  });
});
