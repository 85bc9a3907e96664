import { closeSync, existsSync, openSync } from 'node:fs';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { unsignedAt } from './bytes.ts';
import { below, type Cgroup } from './cgroup.ts';
import { isGone, isRefused, Scratch } from './scratch.ts';

/** A file that each cgroup may have, in one of the hierarchies. */
export interface CgroupFile {
  readonly hierarchy: keyof Hierarchies;
  readonly name: string;
}

/** Mount points. The directories of one cgroup have the same path in all of them, where they exist. */
export interface Hierarchies {
  readonly unified: string | undefined;
  readonly cpu: string | undefined;
  readonly cpuacct: string | undefined;
  readonly memory: string | undefined;
  readonly pids: string | undefined;
  readonly io: string | undefined;
}

/** A controller may be switched on later, so a file that is not there is looked for again. */
const RETRY_MS = 60_000;

/** As many as a thousand cgroups need that are all busy; the kernel holds some 4.5 KB for each. */
const KEPT_MAX = 10_240;

interface Kept {
  fd: number;
  absentUntil: Instant;
}

/**
 * Files of cgroups that are read again and again, through descriptors that stay open, up to a number.
 *
 * Beyond that number files are opened for each read: slower, never wrong.
 */
export class KeptFiles {
  readonly scratch = new Scratch();
  readonly #hierarchies: Hierarchies;
  readonly #keptMax: number;
  readonly #files = new Map<CgroupId, Map<CgroupFile, Kept>>();
  #open = 0;

  constructor(hierarchies: Hierarchies, keptMax = KEPT_MAX) {
    this.#hierarchies = hierarchies;
    this.#keptMax = Math.min(keptMax, KEPT_MAX);
  }

  get openFiles(): number {
    return this.#open;
  }

  /** Reads into `scratch`; returns the length, or -1 when there is no such file, or not for us. Throws when files run out. */
  read(cgroup: Cgroup, file: CgroupFile, at: Instant): number {
    const mount = this.#hierarchies[file.hierarchy];
    if (mount === undefined) return -1;

    const kept = this.#of(cgroup.id, file);
    if (kept.absentUntil > at) return -1;
    try {
      return kept.fd >= 0
        ? this.scratch.readAgain(kept.fd)
        : this.#readNew(kept, below(mount, cgroup.place, file.name));
    } catch (error) {
      this.#shut(kept);
      if (!isGone(error) && !isRefused(error)) throw error;
      kept.absentUntil = at + RETRY_MS;
      return -1;
    }
  }

  /** The number that the file begins with; NaN where there is no file, or it says something else. */
  readNumber(cgroup: Cgroup, file: CgroupFile, at: Instant): number {
    return unsignedAt(this.scratch.bytes, 0, this.read(cgroup, file, at));
  }

  /** The same as `read` for what is read too rarely to be kept open. */
  readOnce(cgroup: Cgroup, file: CgroupFile): number {
    const mount = this.#hierarchies[file.hierarchy];
    if (mount === undefined) return -1;
    try {
      return this.scratch.read(below(mount, cgroup.place, file.name));
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
      return -1;
    }
  }

  numberOnce(cgroup: Cgroup, file: CgroupFile): number {
    return unsignedAt(this.scratch.bytes, 0, this.readOnce(cgroup, file));
  }

  /** Whether the cgroup is in that hierarchy too. */
  hasFolder(hierarchy: keyof Hierarchies, cgroup: Cgroup): boolean {
    const mount = this.#hierarchies[hierarchy];
    return mount !== undefined && existsSync(below(mount, cgroup.place, ''));
  }

  /** Closes all of the cgroup's but `file`, until they are read again. */
  shutAllBut(file: CgroupFile, { id }: Cgroup): void {
    for (const [each, kept] of this.#files.get(id) ?? []) if (each !== file) this.#shut(kept);
  }

  /** Closes what belongs to cgroups that are gone. */
  keepOnly(live: ReadonlyMap<CgroupId, Cgroup>): void {
    for (const id of this.#files.keys()) if (!live.has(id)) this.#forget(id);
  }

  /** Safe to call twice. */
  close(): void {
    for (const id of this.#files.keys()) this.#forget(id);
  }

  #readNew(kept: Kept, path: string | Buffer): number {
    if (this.#open >= this.#keptMax) return this.scratch.read(path);

    kept.fd = openSync(path, 'r');
    this.#open++;
    return this.scratch.readAgain(kept.fd);
  }

  #of(id: CgroupId, file: CgroupFile): Kept {
    const files = this.#files.get(id) ?? new Map<CgroupFile, Kept>();
    const kept = files.get(file) ?? { fd: -1, absentUntil: Number.NEGATIVE_INFINITY };

    if (files.size === 0) this.#files.set(id, files);
    files.set(file, kept);
    return kept;
  }

  #forget(id: CgroupId): void {
    for (const kept of this.#files.get(id)?.values() ?? []) this.#shut(kept);
    this.#files.delete(id);
  }

  #shut(kept: Kept): void {
    if (kept.fd < 0) return;
    closeSync(kept.fd);
    kept.fd = -1;
    this.#open--;
  }
}
