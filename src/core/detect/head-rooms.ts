import type { CgroupLimitsEvent, HostEvent } from '../model/event.ts';
import type { CgroupId, Instant } from '../model/units.ts';

/** The memory of a cgroup, with that of all below it, as its files told last; NaN where they did not. */
export interface Room {
  readonly cgroupId: CgroupId;
  readonly path: string;
  /** The nearest above it. */
  readonly parent: Room | undefined;
  at: Instant;
  /** What can't be given back. */
  anonymousBytes: number;
  /** The tightest of its own and of all above. */
  limitBytes: number;
}

/** Who may take so many bytes more until somebody's limit is reached: `holder`'s, or, without one, the host's. */
export interface HeadRoom {
  /** Infinity where nothing is known to bound it. */
  bytes: number;
  /** When that was read. */
  at: Instant;
  holder: Room | undefined;
}

/** How much memory can still be taken, in each cgroup and on the host. */
export class HeadRooms {
  readonly #pathOf: (id: CgroupId) => string;
  readonly #rooms = new Map<CgroupId, Room>();
  readonly #byPath = new Map<string, Room>();
  /** Of cgroups of which no file tells. */
  readonly #nearest = new Map<CgroupId, Room | undefined>();
  readonly #host: HeadRoom = { bytes: Number.POSITIVE_INFINITY, at: Number.NaN, holder: undefined };
  readonly #tightest: HeadRoom = { ...this.#host };

  /** An empty path is an unknown one. */
  constructor(pathOf: (id: CgroupId) => string) {
    this.#pathOf = pathOf;
  }

  /** Where there is swap, nobody is killed before that is full too. */
  observeHost({ at, memoryAvailableBytes, swapFreeBytes }: HostEvent): void {
    if (Number.isNaN(memoryAvailableBytes)) return;
    this.#host.bytes = memoryAvailableBytes + (swapFreeBytes || 0);
    this.#host.at = at;
  }

  /** Undefined where the cgroup's path is not known. */
  observe({ at, cgroupId, anonymousBytes, memoryLimitBytes }: CgroupLimitsEvent): Room | undefined {
    const room = this.#rooms.get(cgroupId) ?? this.#add(cgroupId, at);
    if (room === undefined) return undefined;
    room.at = at;
    room.anonymousBytes = anonymousBytes;
    room.limitBytes = memoryLimitBytes;
    return room;
  }

  /** Its own, or of the nearest above it of which its files told. */
  of(id: CgroupId): Room | undefined {
    const room = this.#rooms.get(id);
    if (room !== undefined) return room;
    if (!this.#nearest.has(id)) this.#nearest.set(id, this.#above(this.#pathOf(id)));
    return this.#nearest.get(id);
  }

  remove(id: CgroupId): void {
    const room = this.#rooms.get(id);
    if (room === undefined) return;
    this.#rooms.delete(id);
    this.#nearest.clear();
    if (this.#byPath.get(room.path) === room) this.#byPath.delete(room.path);
  }

  /** Filled again by the next call: read it at once. */
  tightest(room: Room | undefined): Readonly<HeadRoom> {
    const tightest = this.#tightest;
    tightest.bytes = this.#host.bytes;
    tightest.at = this.#host.at;
    tightest.holder = undefined;
    for (let above = room; above !== undefined; above = above.parent) {
      // A limit that is inherited is nearer to its owner, who has all of the others' memory too.
      const bytes = Math.max(0, above.limitBytes - above.anonymousBytes);
      if (!(bytes <= tightest.bytes)) continue;
      tightest.bytes = bytes;
      tightest.at = above.at;
      tightest.holder = above;
    }
    return tightest;
  }

  #add(cgroupId: CgroupId, at: Instant): Room | undefined {
    const path = this.#pathOf(cgroupId);
    if (path === '') return undefined;
    const room = { cgroupId, path, parent: this.#above(path), at, anonymousBytes: Number.NaN, limitBytes: Number.NaN };
    this.#rooms.set(cgroupId, room);
    this.#byPath.set(path, room);
    this.#nearest.clear();
    return room;
  }

  #above(path: string): Room | undefined {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const room = this.#byPath.get(path.slice(0, end));
      if (room !== undefined) return room;
    }
    return undefined;
  }
}

/** Whether it is the outer one or within it. */
export function isWithin(inner: Room | undefined, outer: Room): boolean {
  for (let room = inner; room !== undefined; room = room.parent) if (room === outer) return true;
  return false;
}
