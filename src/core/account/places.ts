import { OTHER_WORKLOAD } from '../model/path/identify.ts';
import type { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { current, type Place } from './row.ts';
import { together } from './rows.ts';
import type { WorkloadInfo } from './workload-info.ts';
import { labelsOf } from './workload-labels.ts';

/** A limit is not added up: the tightest one holds. */
const LEAST = ['cpu_quota_cores', 'memory_high_bytes', 'memory_limit_bytes', 'pids_limit'];
const GREATEST = 'longest_wait_seconds';

/** The open rows of the sheet of workloads. */
export class Places {
  /** Cgroups that no room was left for; those are in `~other`. */
  refused = 0;
  readonly sheet: Sheet;
  readonly info: WorkloadInfo;

  readonly #placesMax: number;
  readonly #places = new Map<string, Place>();
  readonly #freeIds: number[] = [];
  #ids = 0;
  #other: Place | undefined;

  /** The sheet holds one row more than `placesMax`: `~other`. */
  constructor(sheet: Sheet, info: WorkloadInfo, placesMax: number) {
    this.sheet = sheet;
    this.info = info;
    this.#placesMax = placesMax;
  }

  /** `~other` aside. */
  get size(): number {
    return this.#places.size;
  }

  values(): IterableIterator<Place> {
    return this.#places.values();
  }

  get(name: string): Place | undefined {
    return this.#places.get(name);
  }

  /** Opened if need be; `~other` when there is no room. */
  of(workload: Workload, at: Instant): Place {
    const known = this.#places.get(workload.name);
    if (known !== undefined) return known;
    if (this.#places.size >= this.#placesMax) {
      this.refused++;
      return this.other(at);
    }
    const place = this.#open(workload, at);
    this.#places.set(workload.name, place);
    return place;
  }

  isOther(place: Place): boolean {
    return place === this.#other;
  }

  other(at: Instant): Place {
    if (this.#other === undefined || this.#other.isClosed) this.#other = this.#open(OTHER_WORKLOAD, at);
    return this.#other;
  }

  /** What each used since this was asked last; `take` is not told of those that used none. */
  takeCpu(take: (workload: Workload, ns: number) => void): void {
    for (const place of this.#places.values()) takeFrom(place, take);
    if (this.#other !== undefined) takeFrom(this.#other, take);
  }

  /** The same place, known by its right name from now on. No other has that name. */
  rename(place: Place, workload: Workload): void {
    this.#places.delete(place.workload.name);
    place.workload = workload;
    this.#places.set(workload.name, place);
    this.sheet.relabel(place.slot, labelsOf(workload));
    this.info.show(place.slot, workload, this.sheet.openedAt[place.slot]!);
  }

  /** What it counted is added to `target`. It has no rows in the sheet of groups any more. */
  fold(place: Place, target: Place): void {
    const values = this.sheet.columns.map((column) => column[place.slot]!);
    this.close(place);
    place.into = target;
    target.changedAt = Math.max(target.changedAt, place.changedAt);
    target.touchedAt = Math.max(target.touchedAt, place.touchedAt);
    values.forEach((value, index) => {
      const column = this.sheet.columns[index]!;
      const isLeast = LEAST.includes(this.sheet.columnNames[index]!);
      if (isLeast && this.isOther(target)) return;
      column[target.slot] = isLeast
        ? -together(-column[target.slot]!, -value, true)
        : together(column[target.slot]!, value, this.sheet.columnNames[index] === GREATEST);
    });
    target.cpuNs += place.cpuNs;
    if (place.unseen === undefined) return;
    if (target.unseen === undefined) target.unseen = place.unseen;
    else target.unseen.join(place.unseen);
  }

  close(place: Place): void {
    place.isClosed = true;
    this.#places.delete(place.workload.name);
    this.#freeIds.push(place.id);
    this.sheet.close(place.slot);
    this.info.hide(place.slot);
  }

  /** The place that counts now, be it after a close. */
  revive(place: Place, at: Instant): Place {
    const now = current(place);
    if (!now.isClosed) return now;
    return now.workload === OTHER_WORKLOAD ? this.other(at) : this.of(now.workload, at);
  }

  #open(workload: Workload, at: Instant): Place {
    const slot = this.sheet.open(labelsOf(workload), at);
    this.info.show(slot, workload, at);
    return {
      id: this.#freeIds.pop() ?? this.#ids++,
      workload,
      slot,
      rows: 0,
      changedAt: at,
      touchedAt: at,
      isClosed: false,
      into: undefined,
      unseen: undefined,
      cpuNs: 0,
    };
  }
}

function takeFrom(place: Place, take: (workload: Workload, ns: number) => void): void {
  if (place.cpuNs === 0) return;
  take(place.workload, place.cpuNs);
  place.cpuNs = 0;
}
