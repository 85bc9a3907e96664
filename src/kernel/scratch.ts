import { closeSync, openSync, type PathLike, readSync } from 'node:fs';

/**
 * One buffer for all small kernel files: what was read is good until the next read.
 *
 * Every file here is made by the kernel in one go, so one read is the whole file unless the buffer was too small.
 */
export class Scratch {
  bytes: Buffer;
  readonly #bytesMax: number;

  constructor(bytes = 16 * 1024, bytesMax = 4 * 1024 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(bytes);
    this.#bytesMax = bytesMax;
  }

  /** Returns the length. Throws what open(2) and read(2) say. */
  read(path: PathLike): number {
    const fd = openSync(path, 'r');
    try {
      return this.readAgain(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** From the beginning of a descriptor that was kept: a third of the cost of opening it anew. */
  readAgain(fd: number): number {
    for (;;) {
      const length = readSync(fd, this.bytes, 0, this.bytes.length, 0);
      if (length < this.bytes.length || length >= this.#bytesMax) return length;
      this.bytes = Buffer.allocUnsafeSlow(this.bytes.length * 2);
    }
  }

  /** Valid UTF-8 whatever the bytes: what is not becomes U+FFFD. */
  text(from: number, end: number): string {
    return this.bytes.toString('utf8', from, end);
  }
}

/** The errno's name, for the few that mean "that is gone" or "not for you". */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const GONE = new Set(['ENOENT', 'ESRCH', 'ENODEV', 'ENOTDIR']);

/** A process that ended or a cgroup that was removed between two reads is no failure. */
export const isGone = (error: unknown): boolean => GONE.has(codeOf(error));

const REFUSED = new Set(['EACCES', 'EPERM', 'EOPNOTSUPP', 'EINVAL', 'ENAMETOOLONG']);

/** It is there, but this kernel or this user will not get it. */
export const isRefused = (error: unknown): boolean => REFUSED.has(codeOf(error));

/** Whatever was thrown, as a sentence. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
