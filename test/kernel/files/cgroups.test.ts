import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { CgroupMadeEvent } from '../../../src/core/model/event.ts';
import { Cgroups } from '../../../src/kernel/cgroups.ts';
import { v2At } from '../../../src/kernel/mounts.ts';
import { type Files, tree } from './tree.ts';

function hierarchy(t: TestContext, files: Files, cgroupsMax?: number) {
  const told: string[] = [];
  const clock = { at: 0 };
  const unified = tree(t, files);
  const cgroups = new Cgroups({
    tree: v2At(unified),
    whole: true,
    emit: (event) => told.push(`${event.kind} ${(event as CgroupMadeEvent).path}`),
    now: () => clock.at++,
    ...(cgroupsMax !== undefined && { cgroupsMax }),
  });

  return { cgroups, clock, told, unified, idOf: (path: string) => statSync(join(unified, path)).ino };
}

const made = (cgroupId: number, path: string, at = 1): CgroupMadeEvent => ({ kind: 'cgroup-made', at, cgroupId, path });

describe('a walk of the hierarchy', () => {
  it('tells every cgroup, parents first, under its inode number', (t) => {
    const { cgroups, told, idOf } = hierarchy(t, { 'system.slice/nginx.service/cgroup.procs': '', 'user.slice': null });

    cgroups.walk();

    assert.deepEqual(told.slice(0, 1), ['cgroup-made /']);
    assert.deepEqual(
      told.toSorted(),
      ['/', '/system.slice', '/system.slice/nginx.service', '/user.slice'].map((path) => `cgroup-made ${path}`),
    );
    assert.equal(cgroups.byPath('/system.slice/nginx.service')!.id, idOf('system.slice/nginx.service'));
    assert.equal(cgroups.byPath('/system.slice/nginx.service')!.parent, cgroups.byPath('/system.slice'));
  });

  it('tells nothing the second time when nothing changed', (t) => {
    const { cgroups, told } = hierarchy(t, { 'a/b': null });
    cgroups.walk();
    told.length = 0;

    cgroups.walk();

    assert.deepEqual(told, []);
  });

  it('tells what was removed, and remembers that', (t) => {
    const { cgroups, told, unified, idOf } = hierarchy(t, { 'a/b': null });
    const id = idOf('a/b');
    cgroups.walk();
    told.length = 0;
    rmdirSync(join(unified, 'a/b'));

    cgroups.walk();

    assert.deepEqual(told, ['cgroup-removed /a/b']);
    assert.notEqual(cgroups.removedAt(id), undefined);
    assert.equal(cgroups.byPath('/a/b'), undefined);
  });

  it('forgets a removal after ten minutes', (t) => {
    const { cgroups, clock, unified, idOf } = hierarchy(t, { a: null });
    const id = idOf('a');
    cgroups.walk();
    rmdirSync(join(unified, 'a'));
    cgroups.walk();

    clock.at += 10 * 60_000;
    cgroups.walk();

    assert.equal(cgroups.removedAt(id), undefined);
  });

  it('opens directories whose names are not UTF-8, and tells valid paths', (t) => {
    const { cgroups, told, unified } = hierarchy(t, { 'quote"s': null, 'new\nline': null });
    const hostile = Buffer.concat([Buffer.from(`${unified}/`), Buffer.from([0x61, 0xff, 0xfe])]);
    mkdirSync(hostile);
    mkdirSync(Buffer.concat([hostile, Buffer.from('/child')]));

    cgroups.walk();

    assert.deepEqual(
      new Set(told.slice(1)),
      new Set(
        ['/quote"s', '/new\nline', '/a\uFFFD\uFFFD', '/a\uFFFD\uFFFD/child'].map((path) => `cgroup-made ${path}`),
      ),
    );
  });

  it('remembers no more than its limit, and counts the rest', (t) => {
    const { cgroups } = hierarchy(t, { a: null, b: null, c: null }, 2);

    cgroups.walk();

    assert.deepEqual([cgroups.live.size, cgroups.refused, cgroups.seesAll], [2, 2, false]);
  });

  it('is wanted when there is room again for what was refused, and then sees all', (t) => {
    const { cgroups, idOf, unified } = hierarchy(t, { a: null, b: null }, 2);
    cgroups.walk();
    const [known, refused] = cgroups.byPath('/a') ? ['a', 'b'] : ['b', 'a'];
    const before = [cgroups.walkWanted, cgroups.seesAll];

    cgroups.observe({ ...made(idOf(known!), `/${known}`), kind: 'cgroup-removed' });
    const wanted = cgroups.walkWanted;
    rmdirSync(join(unified, known!));
    cgroups.walk();

    assert.deepEqual(
      [before, wanted, cgroups.byPath(`/${refused}`) !== undefined, cgroups.seesAll],
      [[false, false], true, true, true],
    );
  });

  it('is wanted once more when it made room itself, and not when all has its place', (t) => {
    const { cgroups, unified } = hierarchy(t, { a: null }, 2);
    cgroups.walk();
    mkdirSync(join(unified, 'b'));
    rmdirSync(join(unified, 'a'));

    cgroups.walk();
    const wanted = cgroups.walkWanted;
    cgroups.walk();

    assert.deepEqual(
      [wanted, cgroups.walkWanted, cgroups.byPath('/b') !== undefined, cgroups.seesAll],
      [true, false, true, true],
    );
  });

  it('of a host without any hierarchy finds the root alone', () => {
    const told: unknown[] = [];
    const cgroups = new Cgroups({
      tree: undefined,
      whole: false,
      emit: (event) => told.push({ ...event }),
      now: () => 5,
    });

    cgroups.walk();

    assert.deepEqual(told, [{ kind: 'cgroup-made', at: 5, cgroupId: 1, path: '/' }]);
  });
});

describe('what /proc tells of where a process lives', () => {
  const placesOf = (cgroups: Cgroups, ...told: string[]) => told.map((path) => cgroups.find(path)?.path);

  it('is a path from the root', (t) => {
    const { cgroups } = hierarchy(t, { 'a/b': null });
    cgroups.walk();

    assert.deepEqual(placesOf(cgroups, '/', '/a/b', '/c'), ['/', '/a/b', undefined]);
    assert.equal(cgroups.walkWanted, true);
  });

  it('is a path from our own cgroup, in a namespace of our own', (t) => {
    const unified = tree(t, { 'pods/own/child': null, 'pods/other': null, app: null });
    const ownPart = `${unified}/pods/own`;
    const cgroups = new Cgroups({ tree: v2At(unified), whole: true, ownPart, emit: () => {}, now: () => 0 });
    cgroups.walk();

    const places = placesOf(cgroups, '/', '/child', '/../other', '/../../app', '/../..');

    assert.deepEqual(places, ['/pods/own', '/pods/own/child', '/pods/other', '/app', '/']);
  });

  it('is not looked for outside of the part of the hierarchy that we see', (t) => {
    const unified = tree(t, { 'part/child': null, other: null });
    const cgroups = new Cgroups({ tree: v2At(`${unified}/part`), whole: false, emit: () => {}, now: () => 0 });
    cgroups.walk();

    assert.deepEqual(placesOf(cgroups, '/..', '/../other', '/child'), [undefined, undefined, '/child']);
    assert.equal(cgroups.walkWanted, false);
  });
});

describe('what a probe told of a cgroup', () => {
  it('is not told again by a walk', (t) => {
    const { cgroups, told, idOf } = hierarchy(t, { 'a/b': null });

    for (const path of ['/', '/a', '/a/b']) cgroups.observe(made(idOf(path), path, 0));
    cgroups.walk();

    assert.deepEqual(told, []);
    assert.equal(cgroups.byPath('/a/b')!.parent, cgroups.byPath('/a'));
  });

  it('asks for a walk when the path was too long or not UTF-8', (t) => {
    for (const path of ['', '/a\uFFFD']) {
      const { cgroups } = hierarchy(t, {});

      cgroups.observe(made(99, path));

      assert.deepEqual([cgroups.walkWanted, cgroups.live.size], [true, 0]);
    }
  });

  it('is not undone by a walk that began before it', (t) => {
    const { cgroups, told } = hierarchy(t, {});
    cgroups.observe(made(99, '/new', 1e9));

    cgroups.walk();

    assert.deepEqual([cgroups.live.has(99), told], [true, ['cgroup-made /']]);
  });
});
