import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Sheet } from '../../../src/core/model/sheet.ts';
import { page } from '../support/page.ts';

describe('a sheet', () => {
  it('begins a row with what each column begins with', () => {
    const sheet = new Sheet(['name'], { counted: 0, measured: Number.NaN }, 10);
    sheet.open(['a'], 5);

    assert.deepEqual([page(sheet, 'counted', 'measured'), sheet.openedAt[0]], [{ a: { counted: 0 } }, 5]);
  });

  it('keeps what it holds when it grows', () => {
    const sheet = new Sheet(['name'], { value: 0 }, 1_000);
    for (let row = 0; row < 1_000; row++) sheet.set(sheet.open([`${row}`], 0), 0, row);

    const wrong = sheet.live
      .subarray(0, sheet.size)
      .filter((slot) => sheet.labels[slot]![0] !== `${sheet.get(slot, 0)}`);
    assert.deepEqual([sheet.size, wrong.length], [1_000, 0]);
  });

  it('uses the slot of a closed row again, as another generation with nothing in it', () => {
    const sheet = new Sheet(['name'], { value: 0 }, 10);
    const first = sheet.open(['a'], 0);
    sheet.open(['b'], 0);
    sheet.set(first, 0, 23);
    const generation = sheet.generations[first];
    sheet.close(first);
    const second = sheet.open(['c'], 0);

    assert.deepEqual(
      [second, sheet.generations[second]! > generation!, page(sheet, 'value')],
      [first, true, { b: { value: 0 }, c: { value: 0 } }],
    );
  });

  it('says no when it is full, and yes when someone left', () => {
    const sheet = new Sheet(['name'], { value: 0 }, 2);
    const slots = ['a', 'b', 'c'].map((name) => sheet.open([name], 0));
    sheet.close(slots[0]!);

    assert.deepEqual([slots[2], sheet.open(['d'], 0)], [-1, slots[0]]);
  });

  it('refuses a column that it does not have, and names those that it has', () => {
    assert.throws(() => new Sheet([], { one: 0, two: 0 }, 1).column('three'), /no column three; there are one, two/);
  });

  it('is empty in the beginning', () => {
    assert.deepEqual(page(new Sheet(['name'], { value: 0 }, 2)), {});
  });
});
