import { readdirSync, statSync } from 'node:fs';
import { normalize } from 'node:path';
import type { CgroupMadeEvent, Event } from '../core/model/event.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { ascii } from './bytes.ts';
import { below, type Cgroup, spelled } from './cgroup.ts';
import type { CgroupTree } from './mounts.ts';
import { isGone, isRefused } from './scratch.ts';

/** How long a removed cgroup is remembered: its last process may be waited for late. */
const REMOVED_KEPT_MS = 10 * 60_000;

export interface CgroupsOptions {
  /** Undefined where none is mounted, and then there is one cgroup: the root. */
  readonly tree: Pick<CgroupTree, 'path' | 'prefix'> | undefined;
  /** False when the mount shows a part of the hierarchy: then what is not seen may still be there. */
  readonly whole: boolean;
  /** A part of the same hierarchy: where it is the root of our cgroup namespace, `/proc` tells paths from there. */
  readonly ownPart?: string | undefined;
  readonly emit: (event: Event) => void;
  readonly now: () => Instant;
  /** Beyond it new cgroups are not remembered, and `refused` grows. */
  readonly cgroupsMax?: number;
}

/**
 * Which cgroups there are: learnt from walks of the hierarchy and from the probes' events, whichever comes first.
 *
 * A walk emits what nobody told before; what an event told is only remembered.
 */
export class Cgroups {
  /** Parents stand before their children. */
  readonly live = new Map<CgroupId, Cgroup>();
  /** A path came that can't be opened as it is, so that only a walk finds the directory; or there is room for who was refused. */
  walkWanted = false;
  /** When the last complete walk began. */
  walkedAt: Instant = Number.NEGATIVE_INFINITY;
  refused = 0;
  /** How the line of `/proc/PID/cgroup` begins that `find` takes the rest of. */
  readonly prefix: Uint8Array;

  readonly #mount: string | undefined;
  readonly #removed = new Map<CgroupId, Instant>();
  readonly #byPath = new Map<string, Cgroup>();
  readonly #options: CgroupsOptions;
  readonly #max: number;
  /** By the last walk, and by looks since. What only events tell of may be outside of the part that is mounted. */
  #reached = new Set<CgroupId>();
  /** By the last walk, and by events since. */
  #refusedNow = 0;
  /** By the last walk: there, but out of reach. */
  #skipped = 0;

  constructor(options: CgroupsOptions) {
    this.#options = options;
    this.#mount = options.tree?.path;
    this.prefix = ascii(options.tree?.prefix ?? '0::');
    this.#max = options.cgroupsMax ?? 10_000;
  }

  /** Throws when the root can't be read; what vanishes meanwhile is skipped, and so is what lies deeper than a path can say. */
  walk(): void {
    const at = this.#options.now();
    const seen = new Set<CgroupId>();

    this.#refusedNow = 0;
    this.#skipped = 0;
    this.#visit('', '', undefined, seen, at);
    for (const cgroup of this.live.values())
      if (!seen.has(cgroup.id) && cgroup.since < at && this.#isInReach(cgroup)) this.#goneUntold(cgroup, at);
    this.#reached = seen;
    this.#forgetRemoved(at);
    this.walkWanted = this.#hasRoomForRefused;
    this.walkedAt = at;
  }

  /** Takes what a probe saw. The event has been emitted already. */
  observe(event: CgroupMadeEvent): void {
    if (event.kind === 'cgroup-removed') this.#remove(event.cgroupId, event.at);
    else if (event.path === '' || event.path.includes('\uFFFD')) this.walkWanted = true;
    else if (!this.live.has(event.cgroupId)) {
      const parent = this.#byPath.get(event.path.slice(0, event.path.lastIndexOf('/')) || '/');
      this.#add({ id: event.cgroupId, path: event.path, place: event.path, parent, since: event.at });
    }
  }

  /** Whether the last walk saw every cgroup of this host. */
  get seesAll(): boolean {
    return this.#mount !== undefined && this.#options.whole && this.#refusedNow === 0 && this.#skipped === 0;
  }

  get #hasRoomForRefused(): boolean {
    return this.#refusedNow > 0 && this.live.size < this.#max;
  }

  byPath(path: string): Cgroup | undefined {
    return this.#byPath.get(path);
  }

  /**
   * The one that `/proc` says a process lives in, looked for where no walk was yet: it is told before whoever lives in it.
   * Otherwise a walk is wanted, unless it is out of our sight.
   */
  find(told: string): Cgroup | undefined {
    const path = this.#fromRoot(told);

    return path === undefined ? undefined : this.#find(path);
  }

  #find(path: string): Cgroup | undefined {
    const known = this.#byPath.get(path);
    const { now } = this.#options;
    if (known !== undefined || this.#mount === undefined) return known;

    const parent = path === '/' ? undefined : this.#find(path.slice(0, path.lastIndexOf('/')) || '/');
    try {
      if (parent !== undefined && !path.includes('\uFFFD')) {
        const { ino } = statSync(below(this.#mount, path, ''));
        return this.#found({ id: ino, path, place: path, parent, since: now() });
      }
    } catch (error) {
      if (!isGone(error)) throw error;
    }
    this.walkWanted = true;
    return undefined;
  }

  /** What is outside of a cgroup namespace is told as if below its parents: `/../../other`. */
  #fromRoot(told: string): string | undefined {
    const { whole, ownPart } = this.#options;
    if (!whole || ownPart === undefined) return OUTSIDE.test(told) ? undefined : told;

    const own = this.live.get(statSync(ownPart).ino)?.path;
    return own && normalize(`${own}${told}`).replace(/(?<=.)\/$/, '');
  }

  /** When the cgroup was removed, if it was and that is not long ago. */
  removedAt(id: CgroupId): Instant | undefined {
    return this.#removed.get(id);
  }

  #visit(place: string | Buffer, path: string, parent: Cgroup | undefined, seen: Set<CgroupId>, at: Instant): void {
    const mount = this.#mount;
    const { ino, nlink } = mount === undefined ? NO_HIERARCHY : statSync(below(mount, place, ''));
    const cgroup = this.live.get(ino) ?? this.#found({ id: ino, path: path || '/', place, parent, since: at });

    seen.add(ino);
    // A directory has two links and one for each directory in it, so most need not be read at all.
    if (nlink === 2 || mount === undefined) return;
    for (const entry of readdirSync(below(mount, place, ''), { encoding: 'buffer', withFileTypes: true })) {
      if (entry.isDirectory()) this.#visitChild(place, path, entry.name, cgroup, seen, at);
    }
  }

  #visitChild(
    place: string | Buffer,
    path: string,
    bytes: Buffer,
    parent: Cgroup,
    seen: Set<CgroupId>,
    at: Instant,
  ): void {
    try {
      this.#visit(below('', place, spelled(bytes)), `${path}/${bytes.toString('utf8')}`, parent, seen, at);
    } catch (error) {
      if (isRefused(error)) this.#skipped++;
      else if (!isGone(error)) throw error;
    }
  }

  #isInReach({ id }: Cgroup): boolean {
    return this.#options.whole || this.#reached.has(id);
  }

  #found(cgroup: Cgroup): Cgroup {
    if (!this.#add(cgroup)) return cgroup;
    this.#reached.add(cgroup.id);
    this.#tell('cgroup-made', cgroup, cgroup.since);
    return cgroup;
  }

  #goneUntold(cgroup: Cgroup, at: Instant): void {
    this.#remove(cgroup.id, at);
    this.#tell('cgroup-removed', cgroup, at);
  }

  #tell(kind: CgroupMadeEvent['kind'], { id, path }: Cgroup, at: Instant): void {
    this.#options.emit({ kind, at, cgroupId: id, path });
  }

  #add(cgroup: Cgroup): boolean {
    if (this.live.size >= this.#max) {
      this.refused++;
      this.#refusedNow++;
      return false;
    }
    this.live.set(cgroup.id, cgroup);
    this.#byPath.set(cgroup.path, cgroup);
    return true;
  }

  #remove(id: CgroupId, at: Instant): void {
    const cgroup = this.live.get(id);

    this.live.delete(id);
    this.#reached.delete(id);
    if (cgroup !== undefined && this.#byPath.get(cgroup.path) === cgroup) this.#byPath.delete(cgroup.path);
    if (this.#hasRoomForRefused) this.walkWanted = true;
    this.#removed.set(id, at);
    if (this.#removed.size > this.#max) this.#removed.delete(this.#removed.keys().next().value ?? id);
  }

  #forgetRemoved(at: Instant): void {
    for (const [id, removedAt] of this.#removed) if (at - removedAt > REMOVED_KEPT_MS) this.#removed.delete(id);
  }
}

const OUTSIDE = /^\/\.\.(?:\/|$)/;

/** Id 1 is what the kernel calls the root of a hierarchy that nobody mounted. */
const NO_HIERARCHY = { ino: 1, nlink: 2 };
