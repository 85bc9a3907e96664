import type { Instant } from '../model/units.ts';
import type { Books } from './books.ts';
import type { Exemplars } from './exemplars.ts';
import type { Group, Place, Row } from './row.ts';

/** Only who did nothing for so long makes room for others: trading busy rows for busy rows helps nobody. */
const IDLE_MS = 60_000;
/** Of the limit, made free at a time. */
const SHARE_FREED = 0.05;
const SWEEP_MS = 1_000;

/** Closes what is over, and makes room where there was none. */
export class Housekeeping {
  /** Groups, workloads and rows that were folded into `~other`. */
  readonly folded = { groups: 0, workloads: 0, rows: 0 };

  readonly #books: Books;
  readonly #exemplars: Exemplars;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #refusedGroups = 0;
  #refusedPlaces = 0;
  #refusedRows = 0;

  constructor(books: Books, exemplars: Exemplars) {
    this.#books = books;
    this.#exemplars = exemplars;
  }

  /** At most once a second; costs a look at each row. */
  sweep(at: Instant): void {
    if (at - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = at;
    this.#closeRows(at);
    this.#closePlaces(at);
    this.#forgetCgroups(at);
    this.#makeRoom(at);
  }

  /** All that was counted in the place is counted in `target` from now on. */
  foldPlace(place: Place, target: Place, at: Instant): void {
    const { rows, places } = this.#books;
    for (const row of [...rows.values()]) if (row.place === place) rows.fold(row, row.group, target, at);
    places.fold(place, target);
    this.#exemplars.clear(place.slot);
  }

  #closeRows(at: Instant): void {
    const { rows, retentionMs } = this.#books;
    for (const row of rows.values()) {
      if (row.members === 0 && at - row.changedAt > retentionMs) rows.close(row);
    }
  }

  #closePlaces(at: Instant): void {
    const { places, retentionMs } = this.#books;
    for (const place of places.values()) {
      if (place.rows > 0 || at - Math.max(place.touchedAt, place.changedAt) <= retentionMs) continue;
      places.close(place);
      this.#exemplars.clear(place.slot);
    }
  }

  /** Its last counts were told by now, and no process of it can end any more. */
  #forgetCgroups(at: Instant): void {
    const { cgroups, retentionMs } = this.#books;
    for (const cgroup of cgroups.values()) if (at - cgroup.removedAt > retentionMs) cgroups.delete(cgroup);
  }

  #makeRoom(at: Instant): void {
    const { groups, places, rows, groupsMax, workloadsMax, rowsMax } = this.#books;
    if (places.refused > this.#refusedPlaces) this.#foldIdlePlaces(at, Math.ceil(workloadsMax * SHARE_FREED));
    if (groups.refused > this.#refusedGroups) this.#foldIdleGroups(at, Math.ceil(groupsMax * SHARE_FREED));
    if (rows.refused > this.#refusedRows) this.#foldIdleRows(at, Math.ceil(rowsMax * SHARE_FREED));
    if (places.size < workloadsMax && places.refused > 0) this.#retryPlaces();
    this.#refusedGroups = groups.refused;
    this.#refusedPlaces = places.refused;
    this.#refusedRows = rows.refused;
  }

  #foldIdlePlaces(at: Instant, count: number): void {
    const { places } = this.#books;
    for (const place of idlest(places.values(), at, count)) {
      this.foldPlace(place, places.other(at), at);
      this.folded.workloads++;
    }
  }

  #foldIdleGroups(at: Instant, count: number): void {
    const { rows, groups } = this.#books;
    const activity = new Map<Group, { group: Group; changedAt: Instant; rows: Row[] }>();
    for (const row of rows.values()) {
      if (row.group === groups.other || row.group === groups.unseen) continue;
      const of = activity.get(row.group) ?? { group: row.group, changedAt: row.changedAt, rows: [] };
      of.changedAt = Math.max(of.changedAt, row.changedAt);
      of.rows.push(row);
      activity.set(row.group, of);
    }
    for (const { rows: all } of idlest(activity.values(), at, count)) {
      for (const row of all) rows.fold(row, groups.other, row.place, at);
      this.folded.groups++;
    }
  }

  #foldIdleRows(at: Instant, count: number): void {
    const { rows, groups } = this.#books;
    for (const row of idlest(rows.values(), at, count)) {
      if (row.group === groups.other) continue;
      rows.fold(row, groups.other, row.place, at);
      this.folded.rows++;
    }
  }

  /** Those in `~other` may have a row of their own now; they ask when they have something to count. */
  #retryPlaces(): void {
    const { cgroups, places } = this.#books;
    for (const cgroup of cgroups.values())
      if (cgroup.place !== undefined && places.isOther(cgroup.place)) cgroup.place = undefined;
  }
}

function idlest<Item extends { readonly changedAt: Instant }>(items: Iterable<Item>, at: Instant, count: number) {
  return [...items]
    .filter(({ changedAt }) => at - changedAt >= IDLE_MS)
    .sort((one, other) => one.changedAt - other.changedAt)
    .slice(0, count);
}
