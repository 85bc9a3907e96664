import type { Usage } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Books } from './books.ts';
import { count } from './columns.ts';
import { CELL, FLAG } from './members.ts';
import type { Row } from './row.ts';

const NS_PER_SECOND = 1e9;

/** Counts what processes used: each time the difference to what had been counted of them. */
export class UsageAccount {
  readonly #books: Books;
  readonly #user: number;
  readonly #system: number;
  readonly #read: number;
  readonly #write: number;
  readonly #faults: number;

  constructor(books: Books) {
    const { sheet } = books.rows;
    this.#books = books;
    this.#user = sheet.column('cpu_user_seconds');
    this.#system = sheet.column('cpu_system_seconds');
    this.#read = sheet.column('read_bytes');
    this.#write = sheet.column('write_bytes');
    this.#faults = sheet.column('major_faults');
  }

  /**
   * `used` is all that the process used since it began. The first time it is only remembered, unless the process is
   * known to be younger than we are. A figure that is less than before, or NaN, changes nothing.
   */
  settle(slot: number, row: Row, used: Usage, at: Instant): void {
    const { members } = this.#books;
    const base = members.base(slot);
    if ((members.flags[slot]! & FLAG.isBased) === 0) this.#remember(slot, used);
    else if (this.#add(base, row, used)) {
      row.changedAt = at;
      row.place.changedAt = at;
    }
  }

  /** Usage that no process has an account for. */
  add(row: Row, used: Usage): void {
    const system = systemPart(used.runtimeNs, used.userNs, used.systemNs);
    this.addCpu(row, used.runtimeNs - system, system);
    const { sheet } = this.#books.rows;
    count(sheet, row.slot, this.#read, used.readBytes);
    count(sheet, row.slot, this.#write, used.writeBytes);
    count(sheet, row.slot, this.#faults, used.majorFaults);
  }

  addCpu(row: Row, userNs: number, systemNs: number): void {
    const { sheet } = this.#books.rows;
    count(sheet, row.slot, this.#user, userNs / NS_PER_SECOND);
    count(sheet, row.slot, this.#system, systemNs / NS_PER_SECOND);
    row.place.cpuNs += userNs + systemNs;
  }

  #add(base: number, row: Row, used: Usage): boolean {
    const { cells } = this.#books.members;
    let isNew = false;
    if (used.runtimeNs > cells[base + CELL.runtime]!) {
      this.#addRuntime(base, row, used);
      isNew = true;
    }
    if (this.#addPlain(base + CELL.read, row, this.#read, used.readBytes)) isNew = true;
    if (this.#addPlain(base + CELL.write, row, this.#write, used.writeBytes)) isNew = true;
    if (this.#addPlain(base + CELL.faults, row, this.#faults, used.majorFaults)) isNew = true;
    return isNew;
  }

  #addPlain(cell: number, row: Row, column: number, after: number): boolean {
    const { cells } = this.#books.members;
    const before = cells[cell]!;
    if (!(after > before)) return false;

    cells[cell] = after;
    count(this.#books.rows.sheet, row.slot, column, after - before);
    return true;
  }

  /** As cputime_adjust() in kernel/sched/cputime.c: neither part ever falls, and they add up to the runtime. */
  #addRuntime(base: number, row: Row, { runtimeNs, userNs, systemNs }: Usage): void {
    const { cells } = this.#books.members;
    const userBefore = cells[base + CELL.user]!;
    const systemBefore = cells[base + CELL.system]!;
    let system = Math.max(systemPart(runtimeNs, userNs, systemNs), systemBefore);
    const user = Math.max(runtimeNs - system, userBefore);
    system = runtimeNs - user;
    cells[base + CELL.runtime] = runtimeNs;
    cells[base + CELL.user] = user;
    cells[base + CELL.system] = system;
    this.addCpu(row, user - userBefore, system - systemBefore);
  }

  #remember(slot: number, used: Usage): void {
    const { members } = this.#books;
    const base = members.base(slot);
    const system = systemPart(used.runtimeNs, used.userNs, used.systemNs);
    members.cells[base + CELL.runtime] = used.runtimeNs;
    members.cells[base + CELL.user] = used.runtimeNs - system;
    members.cells[base + CELL.system] = system;
    members.cells[base + CELL.read] = used.readBytes;
    members.cells[base + CELL.write] = used.writeBytes;
    members.cells[base + CELL.faults] = used.majorFaults;
    members.flags[slot]! |= FLAG.isBased;
  }
}

function systemPart(runtimeNs: number, userNs: number, systemNs: number): number {
  if (systemNs === 0) return 0;
  return runtimeNs * (systemNs / (userNs + systemNs));
}

/** What was used since; nothing is less than nothing. */
export function moreThan(after: Usage, before: Usage): Usage {
  const more = (key: keyof Usage) => Math.max(0, after[key] - before[key]);
  return {
    runtimeNs: more('runtimeNs'),
    userNs: more('userNs'),
    systemNs: more('systemNs'),
    readBytes: more('readBytes'),
    writeBytes: more('writeBytes'),
    majorFaults: more('majorFaults'),
  };
}
