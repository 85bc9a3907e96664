import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';
import { scratch } from '../../support/scratch.ts';
import { observe } from './observed.ts';

/** A filesystem of our own that takes no writes until it is thawed. */
class Frozen {
  readonly #folder = mkdtempSync(join(scratch, 'frozen-'));
  readonly mount = join(this.#folder, 'mount');
  readonly #writers: ChildProcess[] = [];

  constructor() {
    const image = join(this.#folder, 'image');
    mkdirSync(this.mount);
    execFileSync('truncate', ['-s', '16M', image]);
    execFileSync('mkfs.ext4', ['-q', image]);
    execFileSync('mount', ['-o', 'loop', image, this.mount]);
    execFileSync('fsfreeze', ['--freeze', this.mount]);
  }

  /** The pid of somebody who waits for it to thaw. */
  write(name: string): number {
    const writer = spawn('touch', [join(this.mount, name)]);
    this.#writers.push(writer);
    return writer.pid!;
  }

  async remove(): Promise<void> {
    execFileSync('fsfreeze', ['--unfreeze', this.mount]);
    await Promise.all(this.#writers.map((writer) => writer.exitCode ?? once(writer, 'exit')));
    execFileSync('umount', [this.mount]);
    rmSync(this.#folder, { recursive: true });
  }
}

describe('tasks that are stuck', { skip: requirement('bpf', 'mkfs.ext4', 'fsfreeze', 'losetup') }, () => {
  it('are told with where they wait, though they have not run since the first look', async (t) => {
    const disk = new Frozen();
    t.after(() => disk.remove());
    const { kernel, of, until } = await observe(t);
    await kernel.start();

    const writers = ['a', 'b', 'c'].map((name) => disk.write(name));
    const found = await until(() => {
      const told = writers.map((pid) => of('blocked').findLast((each) => each.pid === pid && each.blockedMs > 2_000));
      return told.every((each) => each !== undefined) && told.map((each) => each!.site);
    });

    assert.deepEqual(
      found.map((site) => /^percpu_|sb_start|mnt_want/.test(site)),
      [true, true, true],
      found.join(),
    );
  });
});
