import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { V1Ids } from '../../../src/kernel/v1-ids.ts';
import { scratch } from '../../support/scratch.ts';

describe('whose quota it is, on a host with a v1 CPU controller', () => {
  let mount: string;
  let live: Cgroup[];
  let ids: V1Ids;

  beforeEach(() => {
    mount = mkdtempSync(join(scratch, 'cpu-'));
    live = [];
    ids = new V1Ids(mount);
  });

  /** In both hierarchies: `id` in v2. Returns its v1 id. */
  function make(name: string, id: number): number {
    mkdirSync(join(mount, name));
    live.push({ id, path: `/${name}`, place: `/${name}`, parent: undefined, since: 0 });
    return statSync(join(mount, name)).ino;
  }

  it('is told by the path that both hierarchies have', () => {
    const inode = make('a', 7);

    assert.equal(ids.of(inode, live, 1_000), 7);
  });

  it('is found in the next reading when the cgroup came after the last look', () => {
    ids.of(make('a', 7), live, 1_000);
    const inode = make('b', 8);

    assert.equal(ids.of(inode, live, 2_000), 8);
  });

  it('is nobody’s when the cgroup is gone, and nobody looks for it again and again', () => {
    const inode = make('a', 7);
    const gone = live;
    live = [];
    ids.of(inode, live, 1_000);

    assert.equal(ids.of(inode, gone, 2_000), 0);
    assert.equal(ids.of(inode, gone, 11_000), 7);
  });
});

describe('whose quota it is, on a host with v2 alone', () => {
  it('is the id itself', () => {
    assert.equal(new V1Ids(undefined).of(7, [], 1_000), 7);
  });
});
