import { statSync } from 'node:fs';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { below, type Cgroup } from './cgroup.ts';

/** All that there is by now was found by the last look, when it is so fresh. */
const FRESH_MS = 500;
/** An id that was not found belongs to a cgroup that is gone, most likely. */
const LOOK_AGAIN_MS = 10_000;

/**
 * Which cgroup of ours the kernel means where it names one of the hierarchy that has a controller: whose quota it is, whose
 * request. With v1 that is another hierarchy, where a cgroup of the same path has another id.
 */
export class V1Ids {
  readonly #v1: string | undefined;
  readonly #ids = new Map<CgroupId, CgroupId>();
  /** When each was looked for in vain, for as long as it is not looked for again. */
  readonly #missedAt = new Map<CgroupId, Instant>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `v1` is where the controller's v1 hierarchy is mounted; undefined when v2 has it, and ids are what they seem to be. */
  constructor(v1: string | undefined) {
    this.#v1 = v1;
  }

  /** Our id, or 0 when there is no such cgroup, or not any more. */
  of(id: CgroupId, live: Iterable<Cgroup>, at: Instant): CgroupId {
    if (this.#v1 === undefined) return id;
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    if (at - this.#lookedAt >= FRESH_MS && at - (this.#missedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= LOOK_AGAIN_MS) {
      this.#lookedAt = at;
      this.#look(this.#v1, live);
      for (const [missed, since] of this.#missedAt) if (at - since >= LOOK_AGAIN_MS) this.#missedAt.delete(missed);
      if (!this.#ids.has(id)) this.#missedAt.set(id, at);
    }
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
