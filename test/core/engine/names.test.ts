import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Event } from '../../../src/core/model/event.ts';
import { after, snapshot } from '../support/engine.ts';
import { exec, sample } from '../support/events.ts';
import { page } from '../support/page.ts';
import { docker, ID, made, named, OTHER_ID, ran } from './named.ts';

describe('a container whose name comes', () => {
  it('late, takes along what was counted under its id', () => {
    const { accounts } = after(made(100, docker(ID)), ran(100, 7), named(ID, 'resizer'), ran(100, 8, 3));

    assert.deepEqual(page(accounts.groups, 'execs'), { 'nginx resizer container': { execs: 2 } });
  });

  it('before its cgroup is made, has it from the beginning', () => {
    const { accounts } = after(named(ID, 'resizer'), made(100, docker(ID)), ran(100, 7));

    assert.deepEqual(page(accounts.groups, 'execs'), { 'nginx resizer container': { execs: 1 } });
  });

  it('after its cgroup was removed, is named all the same', () => {
    const { accounts } = after(
      made(100, docker(ID)),
      ran(100, 7),
      { kind: 'cgroup-removed', at: 1, cgroupId: 100, path: docker(ID) },
      named(ID, 'resizer'),
    );

    assert.deepEqual(page(accounts.groups, 'execs'), { 'nginx resizer container': { execs: 1 } });
  });

  it('with several cgroups, is one workload', () => {
    const { accounts } = after(
      made(100, docker(ID)),
      made(101, `${docker(ID)}/workers`),
      ran(100, 7),
      ran(101, 8),
      named(ID, 'resizer'),
      ran(101, 9, 3),
    );

    assert.deepEqual(page(accounts.groups, 'execs'), { 'nginx resizer container': { execs: 3 } });
  });

  it('that the one before it had, goes on where that ended', () => {
    const { accounts } = after(
      made(100, docker(ID)),
      named(ID, 'resizer'),
      ran(100, 7),
      made(200, docker(OTHER_ID)),
      ran(200, 8),
      named(OTHER_ID, 'resizer', { image: 'resizer:2' }),
      ran(200, 9, 3),
    );

    assert.deepEqual(page(accounts.groups, 'execs'), { 'nginx resizer container': { execs: 3 } });
    assert.deepEqual(page(accounts.workloadInfo, 'info'), {
      [`resizer container    ${OTHER_ID} resizer resizer:2 docker`]: { info: 1 },
    });
  });

  it('that the one before it had, is at once that of its processes', () => {
    const { accounts, tree } = after(
      made(100, docker(ID)),
      named(ID, 'resizer'),
      ran(100, 7),
      made(200, docker(OTHER_ID)),
      ran(200, 8),
      named(OTHER_ID, 'resizer'),
    );

    assert.equal(accounts.workloadOf(tree.get(8)!)?.name, 'resizer');
  });

  it('between its entrypoint and its program, leaves nobody behind where that was', () => {
    const engine = after(
      made(100, docker(ID)),
      named(ID, 'resizer'),
      exec(7, 'bash', { cgroupId: 100 }),
      made(200, docker(OTHER_ID)),
      exec(8, 'bash', { cgroupId: 200 }),
      ...snapshot(1_000, sample(7, { cgroupId: 100, exe: 'bash' }), sample(8, { cgroupId: 200, exe: 'bash' })),
      named(OTHER_ID, 'resizer'),
      exec(8, 'nginx', { cgroupId: 200 }),
      ...snapshot(2_000, sample(7, { cgroupId: 100, exe: 'bash' }), sample(8, { cgroupId: 200, exe: 'nginx' })),
    );
    const living = () => page(engine.accounts.groups, 'processes_sleeping');

    assert.deepEqual(living(), {
      'bash resizer container': { processes_sleeping: 1 },
      'nginx resizer container': { processes_sleeping: 1 },
    });
    for (const event of snapshot(3_000)) engine.observe(event);
    engine.observe({ kind: 'tick', at: 700_000 });
    assert.deepEqual(living(), {});
  });

  it('that another engine gave away already, says whose it is', () => {
    const { accounts } = after(
      named(ID, 'resizer'),
      made(100, docker(ID)),
      ran(100, 7),
      made(200, `/machine.slice/libpod-${OTHER_ID}.scope`),
      ran(200, 8),
      named(OTHER_ID, 'resizer'),
    );

    assert.deepEqual(Object.keys(page(accounts.groups)), ['nginx podman:resizer container', 'nginx resizer container']);
  });

  for (const name of ['host', 'nginx.service']) {
    it(`is not taken for ${name}, though it is called so`, () => {
      const { accounts } = after(made(100, docker(ID)), named(ID, name), ran(100, 7));

      assert.deepEqual(Object.keys(page(accounts.groups)), [`nginx docker:${name} container`]);
    });
  }

  it('and is another later, is counted under that from then on', () => {
    const { accounts } = after(
      made(100, docker(ID)),
      named(ID, 'resizer'),
      ran(100, 7),
      named(ID, 'scaler', { at: 3 }),
      ran(100, 8, 4),
    );

    assert.deepEqual(page(accounts.groups, 'execs'), {
      'nginx resizer container': { execs: 1 },
      'nginx scaler container': { execs: 1 },
    });
  });

  it('empty, stays what it was', () => {
    const { accounts } = after(made(100, docker(ID)), ran(100, 7), named(ID, ''));

    assert.deepEqual(Object.keys(page(accounts.groups)), ['nginx docker:4f0c3a1b2d5e container']);
  });

  it('with what would end a line, ends none', () => {
    const { accounts } = after(made(100, docker(ID)), ran(100, 7), named(ID, '~a\nb'));

    assert.deepEqual(Object.keys(page(accounts.groups)), ['nginx _a?b container']);
  });
});

describe('names of what nobody ever saw', () => {
  it('open no row', () => {
    const { accounts } = after(named(ID, 'resizer'));

    assert.deepEqual([accounts.workloads.size, accounts.workloadInfo.size], [0, 0]);
  });

  it('are forgotten when there are too many, and that is counted', () => {
    const many = Array.from({ length: 16_385 }, (_, index) => named(index.toString(16).padStart(64, '0'), `c${index}`));

    const { accounts } = after(...many);

    assert.equal(accounts.overflow().names, 1);
  });
});

describe('who waited for whom', () => {
  it('is told by the names that came, and nothing of it is lost', () => {
    const stall = (at: number): Event => ({
      kind: 'stall',
      at,
      resource: 'cpu',
      basis: 'measured',
      victimId: 100,
      owner: { kind: 'cgroup', id: 200 },
      ns: 1e9,
      holders: [{ pid: 8, ns: 1e9 }],
    });
    const { blame } = after(
      made(100, docker(ID)),
      made(200, docker(OTHER_ID)),
      stall(1),
      named(ID, 'resizer'),
      stall(3),
      named(OTHER_ID, 'hog', { at: 4 }),
      stall(5),
    );

    assert.deepEqual(page(blame.sheet, 'stall_seconds'), {
      'resizer hog cpu neighbour measured': { stall_seconds: 3 },
    });
    assert.deepEqual(
      [...blame.pairs()].map(({ window, holders }) => [window.sum(5, 10_000), holders.list(5, 10_000)[0]?.ns]),
      [[3e9, 3e9]],
    );
  });
});
