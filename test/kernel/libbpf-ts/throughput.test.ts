import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { BpfObject, IteratorReader, RingReader, readU64 } from '../../../src/libbpf-ts/index.ts';
import { compileFixture, u32, u64 } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

/** On any machine; how fast it truly is, `bench:events` measures. */
const RECORDS_PER_SECOND_MIN = 500_000;
const ROUNDS = 41;
/** A processor that is itself a program says nothing about ours. */
const emulated = /QEMU TCG/.test(readFileSync('/proc/cpuinfo', 'utf8')) && 'the processor is emulated';

describe('a full ring of 1 MiB', { skip: emulated || requirement('bpf', 'clang') }, () => {
  it('is read at half a million records a second at the very least, three fields of each', (test) => {
    using object = BpfObject.open(compileFixture());
    object.map('ring').capacity = 1024 * 1024;
    object.load();
    using ring = new RingReader(object.map('ring'));
    const filler = new IteratorReader(object.program('fill').attach());
    for (const [index, value] of [20_000, 64, 0, 0].entries()) object.map('array').set(u32(index), u64(value));

    const { view } = ring;
    let sum = 0;
    const onRecord = (offset: number) => {
      sum += view.getUint32(offset, true) + view.getUint32(offset + 4, true) + readU64(view, offset + 8);
    };
    const perSecond = Array.from({ length: ROUNDS }, () => {
      filler.run();
      const begin = process.hrtime.bigint();
      const records = ring.drain(onRecord);
      return { records, rate: (records * 1e9) / Number(process.hrtime.bigint() - begin) };
    });

    const rates = perSecond.map(({ rate }) => rate).sort((a, b) => a - b);
    const median = rates[ROUNDS >> 1]!;
    test.diagnostic(`median ${(median / 1e6).toFixed(1)} M records/s, slowest ${(rates[0]! / 1e6).toFixed(1)} M`);
    assert.equal(perSecond[0]?.records, Math.floor((1024 * 1024 - 1) / 72));
    assert.equal(sum > 0, true);
    assert.equal(median >= RECORDS_PER_SECOND_MIN, true);
  });
});
