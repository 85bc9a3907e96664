import type { CgroupLimitsEvent, Event } from '../core/model/event.ts';
import type { CgroupId, Instant } from '../core/model/units.ts';
import { ascii, unsignedAt, valueAfter } from './bytes.ts';
import type { Cgroup } from './cgroup.ts';
import type { CgroupFile, KeptFiles } from './kept-files.ts';

const PERIODS = ascii('nr_periods');
const THROTTLED_PERIODS = ascii('nr_throttled');
const THROTTLED_US = ascii('throttled_usec');
const THROTTLED_NS = ascii('throttled_time');
const OOM_KILL = ascii('oom_kill');

const CPU_STAT: CgroupFile = { hierarchy: 'unified', name: 'cpu.stat' };
const CPU_STAT_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.stat' };
const CPU_WEIGHT: CgroupFile = { hierarchy: 'unified', name: 'cpu.weight' };
const CPU_SHARES_V1: CgroupFile = { hierarchy: 'cpu', name: 'cpu.shares' };
const MEMORY_MAX: CgroupFile = { hierarchy: 'unified', name: 'memory.max' };
const MEMORY_LIMIT_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.limit_in_bytes' };
/** Without `.local` a kill counts in every ancestor too, and a sum over cgroups would count it twice. */
const MEMORY_EVENTS: CgroupFile = { hierarchy: 'unified', name: 'memory.events.local' };
const OOM_CONTROL_V1: CgroupFile = { hierarchy: 'memory', name: 'memory.oom_control' };

/** v1 has no word for "no limit": it says the largest multiple of a page below 2^63. */
const NO_LIMIT_BYTES = 2 ** 62;
/** `cpu.weight` of a cgroup with `cpu.idle` is told as 0; the scheduler gives it WEIGHT_IDLEPRIO, 3 where others have 1024 for 100. */
const IDLE_WEIGHT = (3 / 1024) * 100;

type Writable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** Reads what holds each cgroup back, from whichever hierarchy has the controller. */
export class Limits {
  readonly #kept: KeptFiles;
  readonly #emit: (event: Event) => void;
  /** The tightest of a cgroup and its ancestors, within a pass. */
  readonly #tightest = new Map<CgroupId, number>();
  readonly #event: Writable<CgroupLimitsEvent> = {
    kind: 'cgroup-limits',
    at: 0,
    cgroupId: 0,
    throttledSeconds: Number.NaN,
    periods: Number.NaN,
    throttledPeriods: Number.NaN,
    memoryLimitBytes: Number.NaN,
    oomKills: Number.NaN,
    cpuWeight: Number.NaN,
  };

  constructor(kept: KeptFiles, emit: (event: Event) => void) {
    this.#kept = kept;
    this.#emit = emit;
  }

  /** `cgroups` with parents before children. The root has no limits; a cgroup of which nothing is known emits nothing. */
  read(cgroups: Iterable<Cgroup>, at: Instant): void {
    const event = this.#event;

    this.#tightest.clear();
    for (const cgroup of cgroups) {
      if (cgroup.place.length === 0) continue;

      event.at = at;
      event.cgroupId = cgroup.id;
      this.#readCpu(cgroup, at);
      event.memoryLimitBytes = this.#readMemoryLimit(cgroup, at);
      event.oomKills = this.#valueIn(cgroup, at, MEMORY_EVENTS, OOM_CONTROL_V1);
      event.cpuWeight = this.#cpuWeight(cgroup, at);
      if (isKnown(event)) this.#emit(event);
    }
  }

  #readCpu(cgroup: Cgroup, at: Instant): void {
    const { scratch } = this.#kept;
    const event = this.#event;
    let length = this.#kept.read(cgroup, CPU_STAT, at);
    let unitsPerSecond = 1e6;
    let key = THROTTLED_US;

    // Beside v1 controllers the file exists in v2 as well, with usage only.
    if (length < 0 || Number.isNaN(valueAfter(scratch.bytes, length, PERIODS))) {
      length = this.#kept.read(cgroup, CPU_STAT_V1, at);
      unitsPerSecond = 1e9;
      key = THROTTLED_NS;
    }
    event.periods = length < 0 ? Number.NaN : valueAfter(scratch.bytes, length, PERIODS);
    event.throttledPeriods = length < 0 ? Number.NaN : valueAfter(scratch.bytes, length, THROTTLED_PERIODS);
    event.throttledSeconds = length < 0 ? Number.NaN : valueAfter(scratch.bytes, length, key) / unitsPerSecond;
  }

  /** Missing in v2 where the controller is not enabled: then its tasks compete each by itself, a level higher. */
  #cpuWeight(cgroup: Cgroup, at: Instant): number {
    const v2 = this.#kept.read(cgroup, CPU_WEIGHT, at);
    const length = v2 < 0 ? this.#kept.read(cgroup, CPU_SHARES_V1, at) : v2;

    const weight = length < 0 ? Number.NaN : unsignedAt(this.#kept.scratch.bytes, 0, length);
    return weight === 0 ? IDLE_WEIGHT : weight;
  }

  #readMemoryLimit(cgroup: Cgroup, at: Instant): number {
    const inherited = (cgroup.parent && this.#tightest.get(cgroup.parent.id)) ?? Number.NaN;
    const own = this.#ownMemoryLimit(cgroup, at);
    const tightest = Number.isNaN(inherited) ? own : Math.min(inherited, Number.isNaN(own) ? inherited : own);

    this.#tightest.set(cgroup.id, tightest);
    return tightest;
  }

  /** `max` has no digits, so that it is NaN as it should. */
  #ownMemoryLimit(cgroup: Cgroup, at: Instant): number {
    const v2 = this.#kept.read(cgroup, MEMORY_MAX, at);
    const length = v2 < 0 ? this.#kept.read(cgroup, MEMORY_LIMIT_V1, at) : v2;
    const bytes = length < 0 ? Number.NaN : unsignedAt(this.#kept.scratch.bytes, 0, length);

    return bytes < NO_LIMIT_BYTES ? bytes : Number.NaN;
  }

  #valueIn(cgroup: Cgroup, at: Instant, v2: CgroupFile, v1: CgroupFile): number {
    const first = this.#kept.read(cgroup, v2, at);
    const length = first < 0 ? this.#kept.read(cgroup, v1, at) : first;

    return length < 0 ? Number.NaN : valueAfter(this.#kept.scratch.bytes, length, OOM_KILL);
  }
}

function isKnown({ periods, memoryLimitBytes, oomKills, cpuWeight }: CgroupLimitsEvent): boolean {
  return ![periods, memoryLimitBytes, oomKills, cpuWeight].every(Number.isNaN);
}
