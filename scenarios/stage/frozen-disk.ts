import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';

const SIZE_BYTES = 32 << 20;
/** Whatever becomes of us: nobody who writes there could be killed. */
const THAW_AT_LATEST_SECONDS = 120;

/** A file system in a file, which can be frozen: who writes to it then waits, and no signal reaches it. */
export class FrozenDisk {
  readonly folder: string = join(scratch, 'disk');
  #isFrozen = false;
  #isMounted = true;

  constructor() {
    const image = join(scratch, 'disk.img');
    writeFileSync(image, '');
    truncateSync(image, SIZE_BYTES);
    mkdirSync(this.folder, { recursive: true });
    execFileSync('mkfs.ext4', ['-q', image]);
    execFileSync('mount', ['-o', 'loop', image, this.folder]);
  }

  freeze(): void {
    const { folder } = this;
    const late = `sleep ${THAW_AT_LATEST_SECONDS}; fsfreeze --unfreeze "$0"`;
    spawn('setsid', ['sh', '-c', late, folder], { stdio: 'ignore', detached: true }).unref();
    execFileSync('fsfreeze', ['--freeze', folder]);
    this.#isFrozen = true;
  }

  /** Safe to call twice. */
  thaw(): void {
    if (this.#isFrozen) execFileSync('fsfreeze', ['--unfreeze', this.folder]);
    this.#isFrozen = false;
  }

  /** Lazily, for those who wrote to it may be on their way out still. */
  remove(): void {
    this.thaw();
    if (this.#isMounted) execFileSync('umount', ['--lazy', this.folder]);
    this.#isMounted = false;
  }
}
