import { fdLimitRatio, type Process, TASK_STATES, type TaskState } from '../model/process.ts';
import type { Books } from './books.ts';
import type { Growth } from './growth.ts';
import { CELL } from './members.ts';
import type { Row } from './row.ts';

export const STATE_INDEX = Object.fromEntries(TASK_STATES.map((state, index) => [state, index])) as Readonly<
  Record<TaskState, number>
>;

/** What the members of each row hold at the end of a snapshot. */
export class Gauges {
  readonly #books: Books;
  readonly #growth: Growth;
  readonly #sums: readonly number[];
  readonly #worst: readonly number[];
  readonly #column;

  constructor(books: Books, growth: Growth) {
    const { sheet } = books.rows;
    this.#books = books;
    this.#growth = growth;
    this.#column = {
      resident: sheet.column('memory_resident_bytes'),
      anonymous: sheet.column('memory_anonymous_bytes'),
      swap: sheet.column('memory_swap_bytes'),
      growth: sheet.column('memory_growth_bytes_per_second'),
      max: sheet.column('memory_max_bytes'),
      fds: sheet.column('open_fds'),
      fdRatio: sheet.column('fd_limit_ratio'),
      processes: sheet.column('processes_running'),
      threads: sheet.column('threads_running'),
    };
    const { resident, anonymous, swap, fds, processes, threads, growth: fastest, max, fdRatio } = this.#column;
    const states = TASK_STATES.flatMap((_, index) => [processes + index, threads + index]);
    this.#sums = [resident, anonymous, swap, fds, ...states];
    this.#worst = [fastest, max, fdRatio];
  }

  /** The process was sampled in this snapshot. A figure that one member lacks is not known of the whole. */
  add(process: Process, row: Row): void {
    if (row.epoch !== this.#books.epoch) this.#reset(row);
    const { slot } = row;
    const column = this.#column;
    const resident = process.anonymousBytes + process.fileBytes + process.sharedBytes;
    this.#sum(slot, column.resident, resident);
    this.#sum(slot, column.anonymous, process.anonymousBytes);
    this.#sum(slot, column.swap, process.swapBytes);
    this.#max(slot, column.max, resident);
    this.#max(slot, column.growth, this.#growth.rate(process.slot));
    this.#sum(slot, column.fds, process.fds);
    this.#max(slot, column.fdRatio, fdLimitRatio(process));
    this.#sum(slot, column.processes + STATE_INDEX[process.state], 1);
    this.#addThreads(process, slot);
  }

  /** Rows that nobody lives in hold nothing; of the worst member there is none. */
  end(): void {
    for (const row of this.#books.rows.values()) {
      if (row.members === 0 && row.epoch !== this.#books.epoch) this.#reset(row);
    }
  }

  #addThreads(process: Process, slot: number): void {
    const { members, senses } = this.#books;
    const base = members.base(process.slot) + CELL.threads;
    let seen = 0;
    for (let state = 0; state < TASK_STATES.length; state++) seen += members.cells[base + state]!;
    // Without probes, threads may not be sampled one by one; then nobody knows their states.
    const isBlind = !senses.counts && seen < process.threads;
    for (let state = 0; state < TASK_STATES.length; state++) {
      const threads = isBlind ? Number.NaN : members.cells[base + state]!;
      if (threads !== 0) this.#sum(slot, this.#column.threads + state, threads);
    }
  }

  #reset(row: Row): void {
    const { sheet } = this.#books.rows;
    for (const column of this.#sums) sheet.set(row.slot, column, 0);
    for (const column of this.#worst) sheet.set(row.slot, column, Number.NaN);
    row.epoch = this.#books.epoch;
  }

  #sum(slot: number, column: number, value: number): void {
    this.#books.rows.sheet.columns[column]![slot]! += value;
  }

  #max(slot: number, column: number, value: number): void {
    const cells = this.#books.rows.sheet.columns[column]!;
    const before = cells[slot]!;
    if (value > before || Number.isNaN(before)) cells[slot] = value;
  }
}
