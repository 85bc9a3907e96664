import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { told } from '../../src/telemetry/precision.ts';
import { NUMBER_LENGTH_MAX, writeNumber } from '../../src/telemetry/render/number.ts';
import { random } from './accounts.ts';

const out = new DataView(new ArrayBuffer(NUMBER_LENGTH_MAX + 2));

function written(value: number): string {
  return Buffer.from(out.buffer, 0, writeNumber(out, 0, value)).toString('latin1');
}

describe('a number on the page', () => {
  it('is what a reader would write, whatever its magnitude', () => {
    const exact = [
      0,
      7,
      10,
      99,
      100,
      9_999,
      10_000,
      99_999_999,
      1e8,
      2 ** 32 - 1,
      2 ** 32,
      2 ** 53,
      1e20,
      1e21,
      -5,
      -1.5,
    ];

    assert.deepEqual(exact.map(written), exact.map(String));
  });

  it('has no sign when it is nothing', () => {
    assert.deepEqual([-0, -1e-12].map(written), ['0', '0']);
  });

  it('may be infinite, in the words of the format', () => {
    assert.deepEqual([Infinity, -Infinity].map(written), ['+Inf', '-Inf']);
  });

  it('has nine decimals, from a million on six, and from a billion on what a double has', () => {
    const given = [1 / 3, 123_456.7890123456, 999_999.999_999_999_9, 1_234_567.123_456_78, 1_700_000_000.123];
    const expected = ['0.333333333', '123456.789012346', '1000000', '1234567.123457', '1700000000.123'];

    assert.deepEqual(given.map(written), expected);
  });

  it('carries into the next whole number, and stops short of it', () => {
    const given = [
      0.999_999_999_6,
      9_999.999_999_999_8,
      99_999_999.999_999_9,
      41.999_999_999,
      2 ** 53 - 1,
      67_108_863e8 - 1,
    ];
    const expected = ['1', '10000', '100000000', '41.999999999', '9007199254740991', '6710886299999999'];

    assert.deepEqual(given.map(written), expected);
  });

  it('is read back as the number that a push tells, a hundred thousand times', () => {
    const next = random(23);

    for (let round = 0; round < 100_000; round++) {
      const value = (next() - 0.3) * 10 ** (next() * 18 - 6);
      assert.equal(Number(written(value)) + 0, told(value) + 0, `${value} was written ${written(value)}`);
    }
  });
});

describe('precision', () => {
  it('keeps order: a counter that grows is never told to fall', () => {
    const next = random(5);
    let counter = 0;
    let last = 0;

    for (let round = 0; round < 100_000; round++) {
      counter += next() * 10 ** (next() * 9 - 4);
      assert.ok(told(counter) >= last);
      last = told(counter);
    }
    assert.ok(counter > 1e6, 'the test crossed from nine decimals to six');
  });

  it('leaves what is not known unknown', () => {
    assert.ok(Number.isNaN(told(Number.NaN)));
  });
});
