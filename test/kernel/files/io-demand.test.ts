import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IoDemand } from '../../../src/kernel/io-demand.ts';

/** What is answered each second, when this share of each was spent waiting. */
function asked(shares: readonly number[]): boolean[] {
  const demand = new IoDemand();
  let someSeconds = 1_000;
  demand.observe(someSeconds, 0);

  return shares.map((share, second) => {
    someSeconds += share;
    return demand.observe(someSeconds, (second + 1) * 1_000);
  });
}

const seconds = (count: number, share: number) => Array<number>(count).fill(share);

describe('block devices are worth a look', () => {
  it('once tasks have waited for them more than 5 % of 2 s', () => {
    assert.deepEqual(asked([0.06, 0.06, 0.06]), [false, true, true]);
  });

  it('for a minute after the last such wait', () => {
    assert.deepEqual(asked([0.2, 0.2, ...seconds(62, 0)]).lastIndexOf(true), 60);
  });
});

describe('block devices are left alone', () => {
  it('while tasks wait less, however long the host has been up', () => {
    assert.deepEqual(asked(seconds(20, 0.04)).includes(true), false);
  });

  it('on a host that does not tell its pressure', () => {
    assert.deepEqual(asked(seconds(20, Number.NaN)).includes(true), false);
  });
});
