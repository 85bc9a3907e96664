import type { IdleSampleEvent, ProcessSampleEvent, ThreadSampleEvent } from '../model/event.ts';
import type { Process, Usage } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Books } from './books.ts';
import { Children } from './children.ts';
import { Gauges, STATE_INDEX } from './gauges.ts';
import { Growth } from './growth.ts';
import { CELL, FLAG } from './members.ts';
import type { UsageAccount } from './usage.ts';

/** Adds up the samples of each process and its threads, and counts them when the snapshot ends. */
export class Snapshots {
  readonly growth = new Growth();
  readonly children: Children;
  /**
   * A process younger than all that the first snapshot met began after us, whoever told of it first: all that it used
   * counts.
   */
  youngestBeforeUsNs = Number.POSITIVE_INFINITY;

  readonly #books: Books;
  readonly #usage: UsageAccount;
  readonly #gauges: Gauges;
  readonly #used = { runtimeNs: 0, userNs: 0, systemNs: 0, readBytes: 0, writeBytes: 0, majorFaults: 0 };
  #youngestNs = 0;

  constructor(books: Books, usage: UsageAccount) {
    this.#books = books;
    this.#usage = usage;
    this.children = new Children(books.members, usage);
    this.#gauges = new Gauges(books, this.growth);
  }

  sample(event: ProcessSampleEvent, process: Process): void {
    const { slot } = process;
    const base = this.#begin(slot);
    const { cells } = this.#books.members;
    add(cells, base + CELL.sampled, event.used);
    cells[base + CELL.threads + STATE_INDEX[event.state]]! += 1;
    cells[base + CELL.childrenUserSampled] = event.childrenUserNs;
    cells[base + CELL.childrenSystemSampled] = event.childrenSystemNs;
    this.growth.sample(slot, event.at, event.anonymousBytes + event.swapBytes + event.sharedBytes);
    this.#youngestNs = Math.max(this.#youngestNs, event.startedNs);
  }

  /** The process may not have been met itself yet. */
  sampleThread(event: ThreadSampleEvent, process: Process): void {
    if (!this.#books.members.has(process.slot)) return;
    const base = this.#begin(process.slot);
    const { cells } = this.#books.members;
    add(cells, base + CELL.sampled, event.used);
    cells[base + CELL.threads + STATE_INDEX[event.state]]! += 1;
  }

  /** The cells hold what its last sample told. */
  sampleIdle({ at }: IdleSampleEvent, process: Process): void {
    this.#books.members.epochs[process.slot] = this.#books.epoch;
    this.growth.sample(process.slot, at, process.anonymousBytes + process.swapBytes + process.sharedBytes);
  }

  end(live: readonly Process[], at: Instant): void {
    for (const process of live) this.#settle(process, at);
    this.#gauges.end();
    if (this.youngestBeforeUsNs === Number.POSITIVE_INFINITY) this.youngestBeforeUsNs = this.#youngestNs;
  }

  #settle(process: Process, at: Instant): void {
    const { members, epoch } = this.#books;
    const { slot } = process;
    if (!members.has(slot) || members.epochs[slot] !== epoch) return;
    const row = this.#books.rowOfMember(slot, at);
    if (row === undefined) return;

    const base = members.base(slot);
    if (!this.#lacksThreads(process, base)) this.#usage.settle(slot, row, this.#sampled(slot), at);
    const childrenUser = members.cells[base + CELL.childrenUserSampled]!;
    if (!Number.isNaN(childrenUser))
      this.children.settle(process, row, childrenUser, members.cells[base + CELL.childrenSystemSampled]!, at);
    this.#gauges.add(process, row);
  }

  /**
   * Pids wrap, so a thread may be told before its process is known, and then it is not counted. What is first counted of a process
   * that is older than we are is all that it used before: it must be whole.
   */
  #lacksThreads({ slot, threads }: Process, base: number): boolean {
    const { members, senses } = this.#books;
    if (!senses.counts || (members.flags[slot]! & FLAG.isBased) !== 0) return false;
    let seen = 0;
    for (let cell = base + CELL.threads; cell < base + CELL.childrenUser; cell++) seen += members.cells[cell]!;
    return seen < threads;
  }

  #sampled(slot: number): Usage {
    const { members } = this.#books;
    const base = members.base(slot) + CELL.sampled;
    const used = this.#used;
    used.runtimeNs = members.cells[base]!;
    used.userNs = members.cells[base + 1]!;
    used.systemNs = members.cells[base + 2]!;
    used.readBytes = members.cells[base + 3]!;
    used.writeBytes = members.cells[base + 4]!;
    used.majorFaults = members.cells[base + 5]!;
    return used;
  }

  /** The first sample of a process in this snapshot clears what the one before left. */
  #begin(slot: number): number {
    const { members, epoch } = this.#books;
    const base = members.base(slot);
    if (members.epochs[slot] !== epoch) {
      members.epochs[slot] = epoch;
      members.cells.fill(0, base + CELL.sampled, base + CELL.childrenUser);
      members.cells[base + CELL.childrenUserSampled] = Number.NaN;
    }
    return base;
  }
}

function add(cells: Float64Array, base: number, used: Usage): void {
  cells[base]! += used.runtimeNs;
  cells[base + 1]! += used.userNs;
  cells[base + 2]! += used.systemNs;
  cells[base + 3]! += used.readBytes;
  cells[base + 4]! += used.writeBytes;
  cells[base + 5]! += used.majorFaults;
}
