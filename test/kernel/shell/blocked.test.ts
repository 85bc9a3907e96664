import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { requirement } from '../../support/require.ts';
import { scratch } from '../../support/scratch.ts';
import { observe } from './observed.ts';

/** A filesystem of our own that takes no writes until it is thawed. */
function frozen(t: TestContext): string {
  const folder = mkdtempSync(join(scratch, 'frozen-'));
  const [image, mount] = [join(folder, 'image'), join(folder, 'mount')];
  mkdirSync(mount);
  execFileSync('truncate', ['-s', '16M', image]);
  execFileSync('mkfs.ext4', ['-q', image]);
  execFileSync('mount', ['-o', 'loop', image, mount]);
  execFileSync('fsfreeze', ['--freeze', mount]);
  t.after(() => {
    execFileSync('umount', [mount]);
    rmSync(folder, { recursive: true });
  });
  return mount;
}

describe('tasks that are stuck', { skip: requirement('bpf', 'mkfs.ext4', 'fsfreeze', 'losetup') }, () => {
  it('are told with where they wait, though they have not run since the first look', async (t) => {
    const mount = frozen(t);
    const { of, until } = await observe(t).then(async (observed) => {
      await observed.kernel.start();
      return observed;
    });

    const writers = [1, 2, 3].map((each) => spawn('touch', [join(mount, String(each))]));
    t.after(() =>
      Promise.all(writers.map((writer) => writer.exitCode ?? new Promise((over) => writer.on('exit', over)))),
    );
    t.after(() => execFileSync('fsfreeze', ['--unfreeze', mount]));
    const isLong = (pid: number | undefined) =>
      of('blocked').findLast((each) => each.pid === pid && each.blockedMs > 2_000);
    const found = await until(() => writers.every(({ pid }) => isLong(pid)) && writers.map(({ pid }) => isLong(pid)!));

    assert.deepEqual(
      found.map(({ site }) => /rwsem|sb_start|mnt_want/.test(site)),
      [true, true, true],
      found.map(({ site }) => site).join(),
    );
  });
});
