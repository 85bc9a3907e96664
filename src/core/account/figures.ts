import type { CgroupLimitsEvent, HostEvent, PressureEvent } from '../model/event.ts';
import { RESOURCES } from '../model/pressure.ts';
import type { Sheet } from '../model/sheet.ts';
import type { Books } from './books.ts';
import { count, STALLS } from './columns.ts';

/** Totals of cgroups and of the host, as files tell them. */
export class Figures {
  readonly #books: Books;
  readonly #taskStarts: number;
  readonly #hostPressure: number;
  readonly #pressure: number;
  readonly #throttles: readonly number[];
  readonly #memoryLimit: number;
  readonly #oomKills: number;

  constructor(books: Books) {
    const { sheet } = books.places;
    this.#books = books;
    this.#taskStarts = books.host.column('task_starts');
    this.#hostPressure = books.host.column('pressure_cpu_some_seconds');
    this.#pressure = sheet.column('pressure_cpu_some_seconds');
    this.#throttles = ['throttled_seconds', 'cpu_periods', 'throttled_periods'].map((name) => sheet.column(name));
    this.#memoryLimit = sheet.column('memory_limit_bytes');
    this.#oomKills = sheet.column('oom_kills');
  }

  host(event: HostEvent): void {
    this.#books.host.set(0, this.#taskStarts, event.taskStarts);
  }

  /** Pressure of a cgroup includes that of those below it, so only the topmost cgroup of a workload counts. */
  pressure(event: PressureEvent): void {
    const offset = RESOURCES.indexOf(event.resource) * STALLS.length;
    if (event.cgroupId === 0) {
      this.#books.host.set(0, this.#hostPressure + offset, event.someSeconds);
      this.#books.host.set(0, this.#hostPressure + offset + 1, event.fullSeconds);
      return;
    }
    const cgroup = this.#books.cgroups.of(event.cgroupId);
    if (cgroup === undefined || !cgroup.isWhole) return;

    cgroup.pressure ??= new Float64Array(RESOURCES.length * STALLS.length);
    const place = this.#books.placeOf(event.cgroupId, event.at);
    place.touchedAt = event.at;
    const { sheet } = this.#books.places;
    grow(sheet, place.slot, this.#pressure + offset, cgroup.pressure, offset, event.someSeconds);
    grow(sheet, place.slot, this.#pressure + offset + 1, cgroup.pressure, offset + 1, event.fullSeconds);
  }

  limits(event: CgroupLimitsEvent): void {
    const cgroup = this.#books.cgroups.of(event.cgroupId);
    if (cgroup === undefined) return;

    cgroup.cpuWeight = event.cpuWeight;
    cgroup.limits ??= new Float64Array(this.#throttles.length + 1);
    const { limits } = cgroup;
    const place = this.#books.placeOf(event.cgroupId, event.at);
    place.touchedAt = event.at;
    const { sheet } = this.#books.places;
    const values = [event.throttledSeconds, event.periods, event.throttledPeriods];
    this.#throttles.forEach((column, index) => {
      grow(sheet, place.slot, column, limits, index, values[index]!);
    });
    // As with pressure, these include what is below.
    if (!cgroup.isWhole) return;
    if (!this.#books.places.isOther(place)) sheet.set(place.slot, this.#memoryLimit, event.memoryLimitBytes);
    if (!this.#books.senses.counts) grow(sheet, place.slot, this.#oomKills, limits, values.length, event.oomKills);
  }
}

/** Many cgroups may be one workload, so each adds what it grew by. NaN is not known, and changes nothing. */
function grow(sheet: Sheet, slot: number, column: number, before: Float64Array, index: number, value: number): void {
  if (Number.isNaN(value)) return;
  count(sheet, slot, column, Math.max(0, value - before[index]!));
  before[index] = Math.max(value, before[index]!);
}
