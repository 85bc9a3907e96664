import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Contender, excess } from '../../../src/core/blame/excess.ts';
import { random } from '../../telemetry/accounts.ts';

/** `/a:100/b:50`: a cgroup b of weight 50 in a cgroup a of weight 100; empty where weights are unknown. */
function contender(name: string, line: string, used: number, waited = 0): Contender {
  const steps = line.split('/').filter(Boolean);
  return {
    name,
    used,
    waited,
    line: steps.map((step, depth) => ({
      path: steps
        .slice(0, depth + 1)
        .map((each) => each.split(':')[0])
        .join('/'),
      weight: Number(step.split(':')[1]),
    })),
  };
}

/** Seconds above the fair share, by name. */
function above(...contenders: readonly Contender[]): Record<string, number> {
  return Object.fromEntries(
    [...excess(contenders)].map(([name, found]) => [name, Math.round(found.above * 1e6) / 1e6]),
  );
}

describe('who took more than was due', () => {
  it('is who got nine tenths where two of one weight wanted all', () => {
    assert.deepEqual(above(contender('bully', '/a:100', 9, 1), contender('victim', '/b:100', 1, 9)), {
      bully: 4,
      victim: 0,
    });
  });

  it('is measured by weight', () => {
    assert.deepEqual(above(contender('light', '/a:100', 5, 5), contender('heavy', '/b:300', 5, 5)), {
      light: 2.5,
      heavy: 0,
    });
  });

  it('is told level by level, as the scheduler divides', () => {
    const found = above(
      contender('one', '/system:100/one:100', 4, 6),
      contender('two', '/system:100/two:100', 2, 8),
      contender('user', '/user:100', 4, 6),
    );

    assert.deepEqual(found, { one: 1.5, two: 0, user: 0 });
  });

  it('is who took what another left, only as far as a third wanted it too', () => {
    const found = above(contender('idle', '/a:100', 1), contender('x', '/b:100', 7, 2), contender('y', '/c:100', 4, 5));

    assert.deepEqual(found, { idle: 0, x: 1.5, y: 0 });
  });
});

describe('who took no more than was due', () => {
  it('is everybody where all of one weight got the same: too many want too little', () => {
    assert.deepEqual(above(contender('a', '/a:100', 5, 5), contender('b', '/b:100', 5, 5)), { a: 0, b: 0 });
  });

  it('is who had the CPU to itself', () => {
    assert.deepEqual(above(contender('hog', '/a:1', 10), contender('idle', '/b:10000', 0.1)), { hog: 0, idle: 0 });
  });

  it('is who has the weight for it', () => {
    assert.deepEqual(above(contender('vip', '/a:900', 9, 1), contender('rest', '/b:100', 1, 9)), { vip: 0, rest: 0 });
  });
});

describe('where weights are not known', () => {
  it('there is no answer, and none is made up for others', () => {
    assert.deepEqual(above(contender('host', '', 5, 5), contender('a', '/a:100', 5), contender('b', '/b:100', 1)), {
      a: 0,
      b: 0,
    });
  });

  it('tasks beside cgroups inside of one keep what they used', () => {
    const found = above(
      contender('slice', '/s:100', 2),
      contender('x', '/s:100/x:100', 6, 2),
      contender('y', '/s:100/y:100', 2, 6),
    );

    assert.deepEqual(found, { x: 2, y: 0 });
  });

  it('nobody is nothing', () => {
    assert.deepEqual(above(), {});
  });
});

it('whatever is used and wanted, nobody is above by more than it used, nor all by more than was waited for', () => {
  const next = random(11);

  for (let round = 0; round < 500; round++) {
    const contenders = Array.from({ length: 1 + Math.floor(next() * 12) }, (_, index) =>
      contender(
        `c${index}`,
        `/p${index % 3}:${1 + Math.floor(next() * 1) * 100 + (index % 3) * 50}/c${index}:${1 + Math.floor(next() * 1_000)}`,
        next() * 10,
        next() * 10,
      ),
    );

    const found = excess(contenders);

    for (const { name, used } of contenders) {
      const { above: over } = found.get(name)!;
      assert.ok(over >= 0 && over <= used + 1e-9, `${name} is ${over} above, of ${used}`);
    }
    const most = contenders.reduce((total, { waited }) => total + waited, 0);
    const all = [...found.values()].reduce((total, { above: over }) => total + over, 0);
    assert.ok(all <= most + 1e-9, `${all} above in all, where others waited for ${most}`);
  }
});
