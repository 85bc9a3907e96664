import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { CgroupMadeEvent } from '../../../src/core/model/event.ts';
import { Cgroups } from '../../../src/kernel/cgroups.ts';
import { v2At } from '../../../src/kernel/mounts.ts';
import { tree } from './tree.ts';

const made = (cgroupId: number, path: string, at: number): CgroupMadeEvent => ({
  kind: 'cgroup-made',
  at,
  cgroupId,
  path,
});

describe('a walk of a part of the hierarchy', () => {
  function partly(t: TestContext) {
    const unified = tree(t, { 'part/a': null, 'part/b': null });
    const told: string[] = [];
    const clock = { at: 0 };
    const cgroups = new Cgroups({
      tree: v2At(`${unified}/part`),
      whole: false,
      emit: (event) => told.push(`${event.kind} ${(event as CgroupMadeEvent).path}`),
      now: () => clock.at++,
    });
    cgroups.walk();
    told.length = 0;
    return { cgroups, clock, told, part: `${unified}/part` };
  }

  it('does not miss what lives outside of it, which only a probe can say to be gone', (t) => {
    const { cgroups, clock, told } = partly(t);
    cgroups.observe(made(99, '/docker/other', clock.at++));

    cgroups.walk();
    cgroups.walk();
    const lived = cgroups.live.has(99);
    cgroups.observe({ ...made(99, '/docker/other', clock.at++), kind: 'cgroup-removed' });

    assert.deepEqual([lived, cgroups.live.has(99), told], [true, false, []]);
  });

  it('misses what it saw itself, or who looked for a process of it', (t) => {
    const { cgroups, told, part } = partly(t);
    mkdirSync(`${part}/c`);
    cgroups.find('/c');
    for (const name of ['a', 'c']) rmdirSync(`${part}/${name}`);

    cgroups.walk();

    assert.deepEqual(told, ['cgroup-made /c', 'cgroup-removed /a', 'cgroup-removed /c']);
  });
});
