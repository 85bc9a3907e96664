import type { HostEvent, PressureEvent } from '../model/event.ts';
import { RESOURCES } from '../model/pressure.ts';
import type { Books } from './books.ts';
import { grow } from './cgroup-figures.ts';
import { STALLS } from './columns.ts';

const HOST_FIGURES = {
  taskStarts: 'task_starts',
  tasks: 'tasks',
  tasksMax: 'tasks_limit',
  filesOpen: 'files_open',
  filesMax: 'files_limit',
  memoryTotalBytes: 'memory_bytes',
  memoryAvailableBytes: 'memory_available_bytes',
  swapFreeBytes: 'swap_free_bytes',
} as const;

/** Pressure, and totals of the host, as files tell them. */
export class Figures {
  readonly #books: Books;
  readonly #host: readonly { readonly figure: keyof typeof HOST_FIGURES; readonly column: number }[];
  readonly #hostPressure: number;
  readonly #pressure: number;

  constructor(books: Books) {
    this.#books = books;
    this.#host = Object.entries(HOST_FIGURES).map(([figure, name]) => ({
      figure: figure as keyof typeof HOST_FIGURES,
      column: books.host.column(name),
    }));
    this.#hostPressure = books.host.column('pressure_cpu_some_seconds');
    this.#pressure = books.places.sheet.column('pressure_cpu_some_seconds');
  }

  host(event: HostEvent): void {
    for (const { figure, column } of this.#host) this.#books.host.set(0, column, event[figure]);
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
    grow(this.#books, place, this.#pressure + offset, cgroup.pressure, offset, event.someSeconds);
    grow(this.#books, place, this.#pressure + offset + 1, cgroup.pressure, offset + 1, event.fullSeconds);
  }
}
