import { closeSync, openSync } from 'node:fs';
import { unsignedAt } from './bytes.ts';
import { codeOf, isGone, isRefused, type Scratch } from './scratch.ts';

/** Files below one directory of `/proc` that are read again and again, through descriptors that stay open. */
export class ProcFiles {
  readonly scratch: Scratch;
  /** Why the last file that is not there for us is not. */
  reason = '';
  readonly #directory: string;
  readonly #fds = new Map<string, number>();
  readonly #absent = new Set<string>();

  constructor(directory: string, scratch: Scratch) {
    this.#directory = directory;
    this.scratch = scratch;
  }

  isAbsent(name: string): boolean {
    return this.#absent.has(name);
  }

  /** Reads into `scratch`; returns the length, or -1 when there is no such file, or not for us, and then for ever. */
  read(name: string): number {
    if (this.#absent.has(name)) return -1;
    try {
      return this.scratch.readAgain(this.#open(name));
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
      this.reason = `cannot read ${this.#directory}/${name}: ${codeOf(error)}`;
      this.#absent.add(name);
      return -1;
    }
  }

  /** The number that the file begins with; NaN where there is none. */
  readNumber(name: string): number {
    return unsignedAt(this.scratch.bytes, 0, this.read(name));
  }

  /** Safe to call twice. */
  close(): void {
    for (const fd of this.#fds.values()) closeSync(fd);
    this.#fds.clear();
  }

  #open(name: string): number {
    const fd = this.#fds.get(name) ?? openSync(`${this.#directory}/${name}`, 'r');

    this.#fds.set(name, fd);
    return fd;
  }
}
