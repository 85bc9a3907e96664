import type { CgroupLimitsEvent } from '../model/event.ts';
import type { Books } from './books.ts';
import type { Cgroup } from './cgroups.ts';
import { count } from './columns.ts';
import { current, type Place } from './row.ts';

type Figure = Exclude<keyof CgroupLimitsEvent, 'kind' | 'at' | 'cgroupId'>;

/** They count where they happened, so each cgroup of a workload adds its own. */
const OWN_COUNTERS: Readonly<Partial<Record<Figure, string>>> = {
  throttledSeconds: 'throttled_seconds',
  periods: 'cpu_periods',
  throttledPeriods: 'throttled_periods',
  memoryHighEvents: 'memory_events_high',
  memoryMaxEvents: 'memory_events_max',
  memoryOomEvents: 'memory_events_oom',
};
/** They include what is below, so of a workload's cgroups only the topmost count. */
const WHOLE_COUNTERS: Readonly<Partial<Record<Figure, string>>> = {
  cpuUsageSeconds: 'cpu_usage_seconds',
  ioReadBytes: 'io_read_bytes',
  ioWrittenBytes: 'io_write_bytes',
};
const WHOLE_GAUGES: Readonly<Partial<Record<Figure, string>>> = {
  memoryBytes: 'memory_usage_bytes',
  anonymousBytes: 'memory_anonymous_bytes',
  pids: 'pids',
};
/** Of several cgroups that are one workload the last told holds: there is no sum of what they may use each. */
const LIMITS: Readonly<Partial<Record<Figure, string>>> = {
  cpuQuotaCores: 'cpu_quota_cores',
  memoryHighBytes: 'memory_high_bytes',
  memoryLimitBytes: 'memory_limit_bytes',
  pidsMax: 'pids_limit',
};

/** What a cgroup added to its workload's gauges, to be taken back when it changes, moves or ends. */
export interface Held {
  place: Place;
  readonly values: Float64Array;
}

interface Target {
  readonly figure: Figure;
  readonly column: number;
}

/** What cgroups use, and may use, by workload. */
export class CgroupFigures {
  readonly #books: Books;
  readonly #own: readonly Target[];
  readonly #whole: readonly Target[];
  readonly #gauges: readonly Target[];
  readonly #limits: readonly Target[];

  constructor(books: Books) {
    const { places, senses } = books;
    const targets = (of: Readonly<Partial<Record<Figure, string>>>) =>
      Object.entries(of).map(([figure, name]) => ({ figure: figure as Figure, column: places.sheet.column(name) }));
    this.#books = books;
    // Where probes count kills, they are counted already.
    this.#own = targets(senses.counts ? OWN_COUNTERS : { ...OWN_COUNTERS, oomKills: 'oom_kills' });
    this.#whole = targets(WHOLE_COUNTERS);
    this.#gauges = targets(WHOLE_GAUGES);
    this.#limits = targets(LIMITS);
  }

  observe(event: CgroupLimitsEvent): void {
    const cgroup = this.#books.cgroups.of(event.cgroupId);
    if (cgroup === undefined) return;

    cgroup.cpuWeight = event.cpuWeight;
    const place = this.#books.placeOf(event.cgroupId, event.at);
    place.touchedAt = event.at;
    cgroup.limits ??= new Float64Array(this.#own.length + this.#whole.length);
    this.#count(event, cgroup.limits, place, this.#own, 0);
    if (!cgroup.isWhole) {
      this.release(cgroup);
      return;
    }
    this.#count(event, cgroup.limits, place, this.#whole, this.#own.length);
    this.#hold(event, cgroup, place);
    this.#limit(event, place);
  }

  /** What it holds, nobody holds any more. */
  release(cgroup: Cgroup): void {
    const { held } = cgroup;
    if (held === undefined) return;
    const place = current(held.place);

    if (!place.isClosed) {
      for (let index = 0; index < this.#gauges.length; index++)
        count(this.#books.places.sheet, place.slot, this.#gauges[index]!.column, -held.values[index]!);
    }
    cgroup.held = undefined;
  }

  #count(
    event: CgroupLimitsEvent,
    before: Float64Array,
    place: Place,
    targets: readonly Target[],
    first: number,
  ): void {
    for (let index = 0; index < targets.length; index++) {
      const { figure, column } = targets[index]!;
      grow(this.#books, place, column, before, first + index, event[figure]);
    }
  }

  #hold(event: CgroupLimitsEvent, cgroup: Cgroup, place: Place): void {
    if (cgroup.held !== undefined && current(cgroup.held.place) !== place) this.release(cgroup);
    cgroup.held ??= { place, values: new Float64Array(this.#gauges.length) };
    const { values } = cgroup.held;

    cgroup.held.place = place;
    for (let index = 0; index < this.#gauges.length; index++) {
      const { figure, column } = this.#gauges[index]!;
      const value = event[figure];
      if (Number.isNaN(value)) continue;
      count(this.#books.places.sheet, place.slot, column, value - values[index]!);
      values[index] = value;
    }
  }

  #limit(event: CgroupLimitsEvent, place: Place): void {
    if (this.#books.places.isOther(place)) return;
    for (const { figure, column } of this.#limits) this.#books.places.sheet.set(place.slot, column, event[figure]);
  }
}

/** Many cgroups may be one workload, so each adds what it grew by. NaN is not known, and changes nothing. */
export function grow(
  { places }: Books,
  place: Place,
  column: number,
  before: Float64Array,
  index: number,
  value: number,
): void {
  if (Number.isNaN(value)) return;
  count(places.sheet, place.slot, column, Math.max(0, value - before[index]!));
  before[index] = Math.max(value, before[index]!);
}
