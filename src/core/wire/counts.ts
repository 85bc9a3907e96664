import type { CgroupCountsEvent, LifecycleCounts } from '../model/event.ts';
import { EXIT_REASONS, LIFETIME_BOUNDS_SECONDS } from '../model/process.ts';
import { LAYOUT } from './layout.ts';
import { type Memory, memoryOf, noUsage, readUsage, u64, type Writable } from './record.ts';
import { Texts } from './texts.ts';

const COUNTS = LAYOUT.cgroup_counts.fields;
const LIFECYCLE = LAYOUT.lifecycle_counts.fields;
const LIFETIME_BUCKETS = LIFETIME_BOUNDS_SECONDS.length + 1;

interface WritableLifecycle extends LifecycleCounts {
  forks: number;
  execs: number;
  readonly exits: number[];
}

/** Reads the values of the map `cgroups` out of one buffer; the event is filled again by the next. */
export class CountsDecoder {
  readonly #memory: Memory;
  readonly #hasWaits: boolean;
  readonly #event = {
    kind: 'cgroup-counts',
    at: 0,
    cgroupId: 0,
    ...noLifecycle(),
    threads: 0,
    oomKills: 0,
    runDelayNs: 0,
    longWaits: Number.NaN,
    longWaitsUntold: Number.NaN,
    lifetimeNs: 0,
    lifetimes: new Array<number>(LIFETIME_BUCKETS).fill(0),
    lost: noLifecycle(),
    lostUsage: noUsage(),
  } satisfies Writable<CgroupCountsEvent>;

  /** `bytes` begins at a multiple of 4 in its buffer, or a `RangeError` is thrown. `hasWaits`: a probe counts long waits. */
  constructor(bytes: Uint8Array, hasWaits = true) {
    this.#hasWaits = hasWaits;
    this.#memory = memoryOf(bytes, new Texts());
  }

  /** `offset` is a multiple of 4; throws a `RangeError` when no whole value lies there. */
  decode(offset: number, cgroupId: number, at: number): CgroupCountsEvent {
    const memory = this.#memory;
    const event = this.#event;
    if ((offset & 3) !== 0 || offset + LAYOUT.cgroup_counts.size > memory.bytes.length)
      throw new RangeError(`no cgroup_counts at offset ${offset} of ${memory.bytes.length} bytes`);

    event.at = at;
    event.cgroupId = cgroupId;
    readLifecycle(memory, offset + COUNTS.seen, event);
    event.threads = u64(memory, offset + COUNTS.threads);
    event.oomKills = u64(memory, offset + COUNTS.oom_kills);
    event.runDelayNs = u64(memory, offset + COUNTS.run_delay_ns);
    event.lifetimeNs = u64(memory, offset + COUNTS.lifetime_ns);
    if (this.#hasWaits) {
      event.longWaits = u64(memory, offset + COUNTS.long_waits);
      event.longWaitsUntold = u64(memory, offset + COUNTS.long_waits_untold);
    }
    for (let bucket = 0; bucket < LIFETIME_BUCKETS; bucket++)
      event.lifetimes[bucket] = u64(memory, offset + COUNTS.lifetimes + bucket * 8);
    readLifecycle(memory, offset + COUNTS.lost, event.lost);
    readUsage(memory, offset + COUNTS.lost_usage, event.lostUsage);
    return event;
  }
}

function readLifecycle(memory: Memory, offset: number, counts: WritableLifecycle): void {
  counts.forks = u64(memory, offset + LIFECYCLE.forks);
  counts.execs = u64(memory, offset + LIFECYCLE.execs);
  for (let reason = 0; reason < EXIT_REASONS.length; reason++)
    counts.exits[reason] = u64(memory, offset + LIFECYCLE.exits + reason * 8);
}

function noLifecycle(): WritableLifecycle {
  return { forks: 0, execs: 0, exits: EXIT_REASONS.map(() => 0) };
}
