import type { Process } from '../model/process.ts';
import { KERNEL_WORK, type StallEvent } from '../model/stall.ts';
import type { CgroupId, Instant } from '../model/units.ts';

/** Less is noise: stacks, buffers, what a start needs. */
const GROWTH_BYTES_MIN = 1 << 20;
/** Growth is told since the last but one of these instants: over the last 10 to 20 s. */
const EPOCH_MS = 10_000;
const RECLAIM = KERNEL_WORK.indexOf('reclaim');

type Sized = Pick<Process, 'cgroupId' | 'anonymousBytes' | 'fileBytes' | 'sharedBytes'>;

/** Memory of a cgroup's processes, in bytes. */
interface Memory {
  sampled: number;
  bytes: number;
  atEpoch: number;
  atEpochBefore: number;
}

/**
 * Who took the memory that tasks had to find for themselves when the whole host ran out of it.
 *
 * Each cgroup that grew has a share as large as its growth, also the victim. That is a guess, and labelled so. What is
 * for a limit, and what nobody's growth explains, passes as it came.
 */
export class Reclaim {
  readonly #tell: (event: StallEvent) => void;
  readonly #memories = new Map<CgroupId, Memory>();
  /** Before the first whole snapshot everybody seems to have grown from nothing. */
  #isSeeded = false;
  #epochAt: Instant = Number.NEGATIVE_INFINITY;

  constructor(tell: (event: StallEvent) => void) {
    this.#tell = tell;
  }

  /** Each process once in each snapshot; who sleeps, with what was told of it last. */
  sample({ cgroupId, anonymousBytes, fileBytes, sharedBytes }: Sized): void {
    const bytes = anonymousBytes + fileBytes + sharedBytes;
    // It runs another program, and nobody has looked at that yet.
    if (Number.isNaN(bytes)) return;
    let memory = this.#memories.get(cgroupId);
    if (memory === undefined) {
      memory = { sampled: 0, bytes: 0, atEpoch: 0, atEpochBefore: 0 };
      this.#memories.set(cgroupId, memory);
    }
    memory.sampled += bytes;
  }

  endSnapshot(at: Instant): void {
    const isEpoch = at - this.#epochAt >= EPOCH_MS;

    for (const [id, memory] of this.#memories) {
      memory.bytes = memory.sampled;
      memory.sampled = 0;
      if (!this.#isSeeded) memory.atEpoch = memory.bytes;
      if (isEpoch) {
        memory.atEpochBefore = memory.atEpoch;
        memory.atEpoch = memory.bytes;
      }
      if (memory.bytes + memory.atEpoch + memory.atEpochBefore === 0) this.#memories.delete(id);
    }
    if (isEpoch) this.#epochAt = at;
    this.#isSeeded = true;
  }

  observe(event: StallEvent): void {
    const { resource, owner } = event;
    const isForAll = resource === 'memory' && owner.kind === 'kernel' && owner.id === RECLAIM;
    const shares = isForAll ? sharesOf(this.#growths()) : new Map<CgroupId, number>();

    if (shares.size === 0) this.#tell(event);
    for (const [id, share] of shares)
      this.#tell({ ...event, basis: 'inferred', owner: { kind: 'cgroup', id }, ns: event.ns * share, holders: [] });
  }

  *#growths(): Iterable<readonly [CgroupId, number]> {
    for (const [id, { bytes, atEpochBefore }] of this.#memories) yield [id, bytes - atEpochBefore];
  }
}

/** Of the whole growth, by who grew; they add up to one, or there are none. */
export function sharesOf(growths: Iterable<readonly [CgroupId, number]>): Map<CgroupId, number> {
  const grown = [...growths].filter(([, bytes]) => bytes >= GROWTH_BYTES_MIN);
  const whole = grown.reduce((sum, [, bytes]) => sum + bytes, 0);

  return new Map(grown.map(([id, bytes]) => [id, bytes / whole]));
}
