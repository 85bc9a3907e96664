import type { Process } from '../../model/process.ts';
import type { Instant } from '../../model/units.ts';
import type { HeadRooms } from '../head-rooms.ts';
import type { LeakOptions } from './options.ts';
import { GAINED_BYTES_MIN, HELD_BYTES_MIN, WATCHED_MAX, Watched } from './watched.ts';

export class WatchedProcess extends Watched {
  readonly process: Process;
  readonly startedNs: number;

  constructor(process: Process, options: LeakOptions) {
    // Both are NaN of one that was there before us: that one has started.
    super(Math.max(process.forkedAt || 0, process.execedAt || 0) || Number.NEGATIVE_INFINITY, options);
    this.process = process;
    this.startedNs = process.startedNs;
  }
}

/**
 * Memory of a process that can't be given back.
 *
 * Without what it shares: whoever touches the buffers of a database for the first time would seem to grow, and what
 * all of them share is not theirs.
 */
export function heldBy({ anonymousBytes, swapBytes }: Process): number {
  return anonymousBytes + swapBytes;
}

/** The processes that hold memory and gain it; all others cost two numbers each. */
export class WatchedProcesses {
  readonly #rooms: HeadRooms;
  readonly #options: LeakOptions;
  readonly #refuse: () => void;
  readonly #watched = new Map<Process, WatchedProcess>();
  /** By slot: the least that each held since it runs its program, and which process that was. */
  #leastBytes = new Float64Array(64);
  #startedNs = new Float64Array(64);

  constructor(rooms: HeadRooms, options: LeakOptions, refuse: () => void) {
    this.#rooms = rooms;
    this.#options = options;
    this.#refuse = refuse;
  }

  values(): IterableIterator<WatchedProcess> {
    return this.#watched.values();
  }

  sample(process: Process): void {
    const { slot, startedNs } = process;
    const bytes = heldBy(process);
    if (slot >= this.#startedNs.length) this.#widen(slot);
    const least = this.#leastBytes[slot]!;
    if (this.#startedNs[slot] !== startedNs || !(bytes >= least)) {
      this.#startedNs[slot] = startedNs;
      this.#leastBytes[slot] = bytes;
    } else if (bytes >= HELD_BYTES_MIN && bytes - least >= GAINED_BYTES_MIN) this.#watch(process, bytes);
  }

  /** It runs another program, or ended. */
  forget(process: Process): void {
    this.#startedNs[process.slot] = Number.NaN;
    this.#watched.delete(process);
  }

  /** A snapshot is over: whoever had no CPU since the last is as it was. */
  observe(at: Instant): void {
    for (const watched of this.#watched.values()) {
      const { process, startedNs } = watched;
      if (process.startedNs === startedNs && Number.isNaN(process.endedAt))
        watched.observe(at, heldBy(process), this.#rooms.tightest(this.#rooms.of(process.cgroupId)));
      else this.#watched.delete(process);
    }
  }

  #watch(process: Process, bytes: number): void {
    if (this.#watched.get(process)?.startedNs === process.startedNs) return;
    if (this.#watched.size < WATCHED_MAX) this.#watched.set(process, new WatchedProcess(process, this.#options));
    else {
      // It is asked about, and counted, again when it has gained as much once more.
      this.#leastBytes[process.slot] = bytes;
      this.#refuse();
    }
  }

  #widen(slot: number): void {
    const length = Math.max(2 * this.#startedNs.length, slot + 1);
    this.#startedNs = widened(this.#startedNs, length);
    this.#leastBytes = widened(this.#leastBytes, length);
  }
}

function widened(from: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(length);
  wider.set(from);
  return wider;
}
