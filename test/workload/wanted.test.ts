import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Wanted } from '../../src/workload/wanted.ts';

/** Asks whenever somebody is due, and nobody ever knows. */
function askInVain(wanted: Wanted, until: number): number[] {
  const asked: number[] = [];
  for (let at = wanted.nextAt(); at <= until; at = wanted.nextAt()) {
    for (const id of wanted.due(at, 10)) {
      asked.push(at);
      wanted.missed(id, at);
    }
  }
  return asked;
}

describe('a container that nobody has named', () => {
  it('is asked for soon, then more and more rarely, then not at all', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);

    assert.deepEqual(askInVain(wanted, 1e9), [100, 500, 2_500, 12_500, 72_500]);
    assert.equal(wanted.size, 1);
  });

  it('is asked for again when somebody comes who may know it', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);
    askInVain(wanted, 1e9);

    wanted.hastenAll(100_000);

    assert.deepEqual(wanted.due(100_000, 10), ['a']);
  });

  it('is not asked for anew because its cgroup is met again', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);
    askInVain(wanted, 1e9);

    wanted.add('a', 200_000);

    assert.deepEqual(wanted.due(300_000, 10), []);
  });

  it('is asked for to the end though it is gone, and forgotten then', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);
    wanted.gone('a');

    assert.equal(askInVain(wanted, 1e9).length, 5);
    assert.equal(wanted.size, 0);
  });

  it('is asked for each minute for as long as somebody does not answer', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);
    const asked: number[] = [];

    for (let at = wanted.nextAt(); at <= 200_000; at = wanted.nextAt()) {
      asked.push(at);
      wanted.unanswered('a', at);
    }

    assert.deepEqual(asked, [100, 500, 2_500, 12_500, 72_500, 132_500, 192_500]);
  });

  it('is forgotten when it is gone, though somebody does not answer', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);
    wanted.gone('a');

    for (let asked = 0; asked < 5; asked++) wanted.unanswered('a', wanted.nextAt());

    assert.equal(wanted.size, 0);
  });

  it('has not been asked for while there is nobody to ask', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);

    for (const until of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]) wanted.postpone('a', until);

    assert.deepEqual(askInVain(wanted, 1e9), [32_000, 32_400, 34_400, 44_400, 104_400]);
  });

  it('is not asked for once it is named', () => {
    const wanted = new Wanted();
    wanted.add('a', 0);

    wanted.delete('a');

    assert.deepEqual([wanted.due(1e9, 10), wanted.nextAt()], [[], Number.POSITIVE_INFINITY]);
  });
});

describe('more unnamed containers than there is room for', () => {
  it('push out those that were given up, and are refused where none was', () => {
    const wanted = new Wanted(2);
    wanted.add('given-up', 0);
    askInVain(wanted, 1e9);

    for (const id of ['a', 'b', 'c']) wanted.add(id, 1e6);

    assert.deepEqual([wanted.due(1e9, 10), wanted.refused], [['a', 'b'], 1]);
  });
});
