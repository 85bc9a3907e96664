import type { ExecEvent, ExitEvent, ForkEvent, ReapEvent } from '../model/event.ts';
import type { Process, Usage } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { Awaited } from './awaited.ts';
import type { Books } from './books.ts';
import { count } from './columns.ts';
import type { Exemplars } from './exemplars.ts';
import type { HasArgv } from './groups.ts';
import { FLAG } from './members.ts';
import type { Group, Row } from './row.ts';
import type { Snapshots } from './snapshots.ts';
import { Unseen } from './unseen.ts';
import { moreThan, type UsageAccount } from './usage.ts';

const NO_ARGV: HasArgv = { argv: new Uint8Array(0) };

/** Counts forks, execs and exits, and keeps each process in the row where it counts. */
export class Lifecycle {
  readonly #books: Books;
  readonly #usage: UsageAccount;
  readonly #exemplars: Exemplars;
  readonly #snapshots: Snapshots;
  readonly #awaited = new Awaited();
  readonly #forks: number;
  readonly #execs: number;
  readonly #exits;

  constructor(books: Books, usage: UsageAccount, exemplars: Exemplars, snapshots: Snapshots) {
    const { sheet } = books.rows;
    this.#books = books;
    this.#usage = usage;
    this.#exemplars = exemplars;
    this.#snapshots = snapshots;
    this.#forks = sheet.column('forks');
    this.#execs = sheet.column('execs');
    this.#exits = {
      ok: sheet.column('exits_ok'),
      error: sheet.column('exits_error'),
      signal: sheet.column('exits_signal'),
      oom: sheet.column('exits_oom'),
    };
  }

  /** To the group of the parent, for it forked; in the place of the child, as the kernel counts. */
  fork(event: ForkEvent, process: Process | undefined, parent: Process | undefined): void {
    const { at, cgroupId } = event;
    const mother = parent === undefined ? undefined : this.#books.rowOfMember(parent.slot, at);
    const group = mother?.group ?? this.#group(event.comm, '', parent, NO_ARGV, cgroupId, false);
    const row = this.#books.rowOf(group, cgroupId, at, mother);
    this.#count(row, this.#forks, at);
    if (process === undefined) return;

    const { members } = this.#books;
    if (!members.has(process.slot)) this.#open(process, row);
    else if (members.names[process.slot] !== nameOf(process)) {
      // A snapshot met it before we were told of its birth, and did not know what it is a copy of.
      this.#move(process, row, at);
      members.names[process.slot] = nameOf(process);
    }
    // Who forked it gets another group at the next snapshot, and so does the copy.
    if (parent !== undefined && members.names[parent.slot] === '') members.names[process.slot] = '';
  }

  exec(event: ExecEvent, process: Process | undefined, parent: Process | undefined): void {
    const { at, cgroupId } = event;
    const group =
      this.#books.groups.byExe(event.exe) ?? this.#group(event.comm, event.exe, parent, event, cgroupId, false);
    const row = this.#books.rowOf(group, cgroupId, at);
    this.#count(row, this.#execs, at);
    if (process === undefined) return;

    if (!this.#books.members.has(process.slot)) this.#open(process, row);
    else this.#move(process, row, at);
    this.#books.members.names[process.slot] = nameOf(process);
    this.#snapshots.growth.restart(process.slot);
  }

  exit(event: ExitEvent, process: Process | undefined): void {
    const { at, cgroupId } = event;
    const known = process === undefined ? undefined : this.#books.rowOfMember(process.slot, at);
    const group = known?.group ?? this.#group(event.comm, '', undefined, NO_ARGV, cgroupId, false);
    const row = this.#books.rowOf(group, cgroupId, at, known);
    this.#count(row, this.#exits[event.reason], at);
    this.#exemplars.set(row.place.slot, event.pid, event.comm, event.lifetimeNs / 1e9, at);
    if (process === undefined) return;

    if (known === undefined) this.#open(process, row);
    else this.#move(process, row, at);
    this.#usage.settle(process.slot, row, event.used, at);
  }

  /** Of a process that nobody ever told of, all counts; where its name is unknown, for `~unseen`. */
  reap(event: ReapEvent, process: Process | undefined): void {
    const { at } = event;
    const books = this.#books;
    const row = process === undefined ? undefined : books.rowOfMember(process.slot, at);
    const awaited = row === undefined ? this.#awaited.take(event) : undefined;
    if (process !== undefined && row !== undefined) {
      this.#takeBack(process, at);
      this.#usage.settle(process.slot, row, event.used, at);
    } else if (awaited !== undefined) {
      this.#giveBack(awaited.cgroupId, awaited.used, at);
      this.#usage.add(books.rows.revive(awaited.row, at), moreThan(event.used, awaited.used));
    } else if (event.startedNs > this.#snapshots.youngestBeforeUsNs) {
      this.#usage.add(books.rowOf(books.groups.unseen, event.cgroupId, at), event.used);
    }
  }

  /** Its slot will be another's. */
  forget(process: Process): void {
    const { members, senses } = this.#books;
    const { slot, pid, cgroupId } = process;
    const row = members.rows[slot];
    const isAwaited = senses.lifecycle && members.has(slot) && (members.flags[slot]! & FLAG.isReaped) === 0;
    if (isAwaited && row !== undefined) this.#awaited.add(process, { pid, cgroupId, row, used: members.counted(slot) });
    members.close(slot);
  }

  end(process: Process, waiter: Process | undefined): void {
    const { members, senses } = this.#books;
    const { slot, endedAt } = process;
    const row = this.#books.rowOfMember(slot, endedAt);
    if (row === undefined) return;

    row.members--;
    row.changedAt = Math.max(row.changedAt, endedAt);
    members.flags[slot]! &= ~FLAG.isMember;
    if (!senses.lifecycle) {
      if (waiter !== undefined && members.has(waiter.slot)) this.#snapshots.children.vanish(process, waiter);
    } else if ((members.flags[slot]! & FLAG.isReaped) === 0) {
      // Not the row's place, which is another where there was no room: the kernel's counts go by the cgroup.
      const place = this.#books.placeOf(process.cgroupId, endedAt);
      place.unseen ??= new Unseen();
      place.unseen.count(members.counted(slot));
    }
  }

  /** A snapshot met it: it may be new to us, run another program, or live elsewhere. */
  meet(process: Process, parent: Process | undefined, source: HasArgv, at: Instant): void {
    const { members, cgroups } = this.#books;
    const { slot, comm, exe, cgroupId, isKernelThread } = process;
    const name = nameOf(process);
    cgroups.inhabited(cgroupId, at);
    const known = this.#books.rowOfMember(slot, at);
    if (known !== undefined && members.names[slot] === name) {
      this.#move(process, this.#books.rowOf(known.group, cgroupId, at, known), at);
      return;
    }

    const inherited = this.#unborn(process, parent);
    const group = inherited ?? this.#group(comm, exe, parent, source, cgroupId, isKernelThread);
    const row = this.#books.rowOf(group, cgroupId, at);
    if (known === undefined) this.#open(process, row);
    else this.#move(process, row, at);
    members.names[slot] = inherited !== undefined || this.#isEarly(process, parent, known) ? '' : name;
  }

  /** Pids wrap, so a child may be met before its parent has a group, and then its own is asked for again at the next snapshot. */
  #isEarly({ parentPid }: Process, parent: Process | undefined, known: Row | undefined): boolean {
    if (parent === undefined) return known === undefined && parentPid !== 0;
    return this.#books.members.names[parent.slot] === '';
  }

  /** It is in another cgroup now. */
  place(process: Process, at: Instant): void {
    const row = this.#books.rowOfMember(process.slot, at);
    if (row !== undefined) this.#move(process, this.#books.rowOf(row.group, process.cgroupId, at, row), at);
  }

  /** Younger than we are and without a name: the ring holds its birth, or lost it. Until a name comes it is of its parent's group. */
  #unborn({ slot, exe, startedNs, isKernelThread }: Process, parent: Process | undefined): Group | undefined {
    const { members, senses } = this.#books;
    if (!senses.lifecycle || members.has(slot) || exe !== '' || isKernelThread) return undefined;
    if (parent === undefined || startedNs <= this.#snapshots.youngestBeforeUsNs) return undefined;
    return members.rows[parent.slot]?.group;
  }

  #group(
    comm: string,
    exe: string,
    parent: Process | undefined,
    source: HasArgv,
    cgroupId: number,
    isKernelThread: boolean,
  ): Group {
    const { groups, members, cgroups } = this.#books;
    return groups.of({
      comm,
      exe,
      isKernelThread,
      source,
      cgroupPath: cgroups.of(cgroupId)?.path ?? '',
      parentGroup: parent === undefined ? '' : (members.rows[parent.slot]?.group.name ?? ''),
    });
  }

  #open(process: Process, row: Row): void {
    const isFromBirth = !Number.isNaN(process.forkedAt) || process.startedNs > this.#snapshots.youngestBeforeUsNs;
    this.#books.members.open(process.slot, row, nameOf(process), isFromBirth);
    this.#snapshots.growth.restart(process.slot);
  }

  #move(process: Process, row: Row, at: Instant): void {
    const { members } = this.#books;
    const before = this.#books.rowOfMember(process.slot, at);
    if (before === row) return;

    if ((members.flags[process.slot]! & FLAG.isMember) !== 0) {
      if (before !== undefined) {
        before.members--;
        before.changedAt = at;
      }
      row.members++;
    }
    members.rows[process.slot] = row;
  }

  #count(row: Row, column: number, at: Instant): void {
    count(this.#books.rows.sheet, row.slot, column, 1);
    row.changedAt = at;
    row.place.changedAt = at;
  }

  /** It had been given up, and what was counted of it set against what the ring lost. */
  #takeBack({ slot, cgroupId }: Process, at: Instant): void {
    const { members } = this.#books;
    const flags = members.flags[slot]!;
    members.flags[slot] = flags | FLAG.isReaped;
    if ((flags & (FLAG.isMember | FLAG.isReaped)) === 0) this.#giveBack(cgroupId, members.counted(slot), at);
  }

  /** What it had been set against is missing then. */
  #giveBack(cgroupId: number, counted: Usage, at: Instant): void {
    const { unseen } = this.#books.placeOf(cgroupId, at);
    if (unseen === undefined) return;
    unseen.back(counted);
    const due = unseen.take();
    if (due.runtimeNs + due.readBytes + due.writeBytes + due.majorFaults > 0)
      this.#usage.add(this.#books.rowOf(this.#books.groups.unseen, cgroupId, at), due);
  }
}

function nameOf({ comm, exe, isKernelThread }: Process): string {
  return isKernelThread || exe === '' ? comm : exe;
}
