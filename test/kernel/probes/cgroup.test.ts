import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { idOf, Probes } from './probes.ts';

const V1 = '/sys/fs/cgroup/pids';

describe('what the probes tell of cgroups', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  let probes: Probes;

  before(() => {
    probes = new Probes();
  });
  after(() => probes[Symbol.dispose]());

  for (const [what, name] of [
    ['quotes, backslashes and spaces', Buffer.from(`cul"'\\ prit{}=,`)],
    ['bytes that are no UTF-8', Buffer.from([0x63, 0xff, 0xc0, 0x80, 0xfe])],
    ['a component of 255 bytes', Buffer.from('c'.repeat(255))],
  ] as const)
    it(`one named by ${what} is told by its path when it is made and when it goes`, () => {
      const cgroup = new Cgroup(name);
      const id = idOf(cgroup);

      cgroup.remove();

      const path = `/${new TextDecoder().decode(name)}`;
      assert.deepEqual(
        [probes.in(id, 'cgroup-made'), probes.in(id, 'cgroup-removed')].map((events) => events.map(({ path }) => path)),
        [[path], [path]],
      );
    });

  it('a path longer than a record is cut, and says so: it is left empty', () => {
    const components = Array.from({ length: 6 }, (_, depth) => `${depth}${'p'.repeat(200)}`);
    const groups = components.map((_, depth) => new Cgroup(components.slice(0, depth + 1).join('/')));
    const ids = groups.map(idOf);

    for (const group of groups.toReversed()) group.remove();

    const lengths = ids.map((id) => probes.in(id, 'cgroup-made')[0]!.path.length);
    assert.deepEqual(lengths, [202, 404, 606, 808, 1010, 0]);
  });

  it('a process that moves is told once, by its leader, with where it went', async () => {
    const cgroup = new Cgroup(`culprit-${process.pid}-moved`);

    await cgroup.run(['true']);
    await until(() => cgroup.isEmpty());

    const moves = probes.in(idOf(cgroup), 'cgroup-entered');
    cgroup.remove();

    assert.deepEqual(
      moves.map(({ pid, startedNs, path }) => ({ pid, startedNs, path })),
      [{ pid: moves[0]!.pid, startedNs: probes.in(moves[0]!.cgroupId, 'exit')[0]!.startedNs, path: cgroup.path }],
    );
  });

  it('a v1 hierarchy is not told of', { skip: !isMounted(V1) && 'there is no v1 hierarchy here' }, () => {
    const name = `culprit-${process.pid}-v1`;

    mkdirSync(`${V1}/${name}`);
    rmdirSync(`${V1}/${name}`);

    const told = [...probes.of('cgroup-made'), ...probes.of('cgroup-removed')];
    assert.deepEqual(
      told.filter(({ path }) => path.includes(name)),
      [],
    );
  });
});

function isMounted(folder: string): boolean {
  try {
    mkdirSync(`${folder}/culprit-probe`);
    rmdirSync(`${folder}/culprit-probe`);
    return true;
  } catch {
    return false;
  }
}
