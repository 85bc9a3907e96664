import { statSync } from 'node:fs';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { below, type Cgroup } from './cgroup.ts';

const LOOK_AGAIN_MS = 10_000;

/**
 * Whose quota it is. The kernel names a cgroup of the hierarchy that has the CPU controller; on hybrid hosts that is v1, where a
 * cgroup of the same path has another id.
 */
export class Quotas {
  readonly #v1: string | undefined;
  readonly #ids = new Map<CgroupId, CgroupId>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `v1` is where the v1 CPU controller is mounted; undefined when v2 has it, and ids are what they seem to be. */
  constructor(v1: string | undefined) {
    this.#v1 = v1;
  }

  /** The v2 id, or 0 when there is no such cgroup, or not any more. */
  of(id: CgroupId, live: Iterable<Cgroup>, at: Instant): CgroupId {
    if (this.#v1 === undefined) return id;
    const known = this.#ids.get(id);
    if (known !== undefined || at - this.#lookedAt < LOOK_AGAIN_MS) return known ?? 0;

    this.#lookedAt = at;
    this.#look(this.#v1, live);
    return this.#ids.get(id) ?? 0;
  }

  #look(mount: string, live: Iterable<Cgroup>): void {
    this.#ids.clear();
    for (const cgroup of live) {
      const inode = statSync(below(mount, cgroup.place, ''), { throwIfNoEntry: false })?.ino;
      if (inode !== undefined) this.#ids.set(inode, cgroup.id);
    }
  }
}
