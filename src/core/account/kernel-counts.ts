import type { CgroupCountsEvent } from '../model/event.ts';
import { EXIT_REASONS, LIFETIME_BOUNDS_SECONDS } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Books } from './books.ts';
import { count } from './columns.ts';
import { COUNTS_SIZE, CountsDelta } from './counts-delta.ts';
import type { Place } from './row.ts';
import { Unseen } from './unseen.ts';
import type { UsageAccount } from './usage.ts';

const NS_PER_SECOND = 1e9;
const LIFETIMES = LIFETIME_BOUNDS_SECONDS.length + 1;

/** What the kernel counted by cgroup. Where it could tell no event, the group `~unseen` takes the count. */
export class KernelCounts {
  readonly #books: Books;
  readonly #usage: UsageAccount;
  readonly #delta = new CountsDelta();
  /** Of all cgroups that the kernel had no room for. */
  readonly #overflow = new Float64Array(COUNTS_SIZE);
  readonly #column;
  readonly #exits: readonly number[];

  constructor(books: Books, usage: UsageAccount) {
    const { sheet } = books.places;
    this.#books = books;
    this.#usage = usage;
    this.#column = {
      threadStarts: sheet.column('thread_starts'),
      oomKills: sheet.column('oom_kills'),
      runDelay: sheet.column('run_delay_seconds'),
      longWaits: sheet.column('long_waits'),
      longWaitsUntold: sheet.column('long_waits_untold'),
      lifetimeSeconds: sheet.column('lifetime_seconds'),
      lifetimes: sheet.column('lifetime_0'),
      forks: books.rows.sheet.column('forks'),
      execs: books.rows.sheet.column('execs'),
    };
    this.#exits = EXIT_REASONS.map((reason) => books.rows.sheet.column(`exits_${reason}`));
  }

  observe(event: CgroupCountsEvent): void {
    const { at, cgroupId } = event;
    const cgroup = cgroupId === 0 ? undefined : this.#books.cgroups.of(cgroupId);
    if (cgroup === undefined && cgroupId !== 0) return;
    if (cgroup !== undefined) cgroup.counts ??= new Float64Array(COUNTS_SIZE);
    this.#delta.take(event, cgroup?.counts ?? this.#overflow);

    const place = cgroup === undefined ? this.#books.places.other(at) : this.#books.placeOf(cgroupId, at);
    place.touchedAt = at;
    this.#add(place);
    if (this.#delta.hasLost) this.#addLost(place, at);
  }

  #add({ slot }: Place): void {
    const { sheet } = this.#books.places;
    const delta = this.#delta;
    const column = this.#column;
    count(sheet, slot, column.threadStarts, delta.threads);
    count(sheet, slot, column.oomKills, delta.oomKills);
    count(sheet, slot, column.runDelay, delta.runDelayNs / NS_PER_SECOND);
    count(sheet, slot, column.longWaits, delta.longWaits);
    count(sheet, slot, column.longWaitsUntold, delta.longWaitsUntold);
    count(sheet, slot, column.lifetimeSeconds, delta.lifetimeNs / NS_PER_SECOND);
    for (let bucket = 0; bucket < LIFETIMES; bucket++)
      count(sheet, slot, column.lifetimes + bucket, delta.lifetimes(bucket));
  }

  #addLost(place: Place, at: Instant): void {
    const { rows, groups } = this.#books;
    const delta = this.#delta;
    const row = rows.of(groups.unseen, place, at);
    row.changedAt = at;
    place.changedAt = at;
    count(rows.sheet, row.slot, this.#column.forks, delta.lostForks);
    count(rows.sheet, row.slot, this.#column.execs, delta.lostExecs);
    this.#exits.forEach((column, reason) => {
      count(rows.sheet, row.slot, column, delta.lostExits(reason));
    });
    place.unseen ??= new Unseen();
    place.unseen.lose(delta.lostUsage);
    this.#usage.add(row, place.unseen.take());
  }
}
