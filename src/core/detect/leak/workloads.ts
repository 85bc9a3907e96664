import type { CgroupId, Instant } from '../../model/units.ts';
import type { Room } from '../head-rooms.ts';
import type { LeakOptions } from './options.ts';
import { GAINED_BYTES_MIN, HELD_BYTES_MIN, WATCHED_MAX, Watched } from './watched.ts';

export class WatchedWorkload extends Watched {
  readonly room: Room;

  constructor(room: Room, options: LeakOptions) {
    super(room.at, options);
    this.room = room;
  }
}

/** The cgroups whose memory grows, whoever in them it is that grows. */
export class WatchedWorkloads {
  readonly #options: LeakOptions;
  readonly #refuse: () => void;
  readonly #watched = new Map<CgroupId, WatchedWorkload>();
  readonly #leastBytes = new Map<CgroupId, number>();

  constructor(options: LeakOptions, refuse: () => void) {
    this.#options = options;
    this.#refuse = refuse;
  }

  /** Those of which files still tell. */
  *living(now: Instant): Generator<WatchedWorkload> {
    for (const watched of this.#watched.values()) {
      const { at, cgroupId } = watched.room;
      if (now - at <= this.#options.gapMsMax) yield watched;
      else this.forget(cgroupId);
    }
  }

  /** `leftBytes` is what it may still take. */
  observe(room: Room, leftBytes: number): void {
    const { cgroupId, anonymousBytes: bytes, at } = room;
    if (Number.isNaN(bytes)) return;
    const watched = this.#watched.get(cgroupId);
    if (watched === undefined) this.#consider(room, bytes);
    else watched.series.observe(at, bytes, bytes + Math.max(0, leftBytes));
  }

  /** A process in it was killed at a limit: what comes then begins anew. */
  restart(room: Room | undefined, at: Instant): void {
    for (let above = room; above !== undefined; above = above.parent)
      this.#watched.get(above.cgroupId)?.series.restart(at);
  }

  forget(id: CgroupId): void {
    this.#watched.delete(id);
    this.#leastBytes.delete(id);
  }

  #consider(room: Room, bytes: number): void {
    const { cgroupId } = room;
    const least = this.#leastBytes.get(cgroupId) ?? Number.POSITIVE_INFINITY;
    if (bytes < least) this.#leastBytes.set(cgroupId, bytes);
    else if (bytes >= HELD_BYTES_MIN && bytes - least >= GAINED_BYTES_MIN) {
      if (this.#watched.size < WATCHED_MAX) this.#watched.set(cgroupId, new WatchedWorkload(room, this.#options));
      else {
        this.#leastBytes.set(cgroupId, bytes);
        this.#refuse();
      }
    }
  }
}
