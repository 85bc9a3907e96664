import type { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';
import type { Groups } from './groups.ts';
import { current, type Group, type Place, type Row } from './row.ts';
import { labelsOf } from './workload-labels.ts';

/** Of these the greatest counts when rows become one; all others add up. */
const GREATEST = ['memory_growth_bytes_per_second', 'memory_max_bytes', 'fd_limit_ratio'];
/** More than there can be, so that a group and a place make one number. */
const GROUPS_PER_PLACE = 65_536;

/** The open rows of the sheet of groups. */
export class Rows {
  /** Rows that there was no room for, so that `~other` in `~other` counts for them. */
  refused = 0;
  readonly sheet: Sheet;

  readonly #groups: Groups;
  readonly #elsewhere: (at: Instant) => Place;
  readonly #rowsMax: number;
  readonly #greatest: readonly boolean[];
  readonly #rows = new Map<number, Row>();

  /** The sheet holds one row more than `rowsMax`: `~other` in the place that `elsewhere` gives. */
  constructor(sheet: Sheet, groups: Groups, elsewhere: (at: Instant) => Place, rowsMax: number) {
    this.sheet = sheet;
    this.#groups = groups;
    this.#elsewhere = elsewhere;
    this.#rowsMax = rowsMax;
    this.#greatest = sheet.columnNames.map((name) => GREATEST.includes(name));
  }

  get size(): number {
    return this.#rows.size;
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  /** Opened if need be; of a group or place that was closed or folded meanwhile, the one that counts now. */
  of(group: Group, place: Place, at: Instant): Row {
    const known = this.#rows.get(place.id * GROUPS_PER_PLACE + group.id);
    if (known !== undefined) return known;
    if (this.#rows.size >= this.#rowsMax) {
      this.refused++;
      // A group closes with its last row, and this one gets none.
      if (group.rows === 0) this.#groups.close(group);
      return this.#last(place, at);
    }
    return this.#open(group, place, at);
  }

  /** Its values are added to those of `~other`, of another group, or of another place; its members move along. */
  fold(row: Row, group: Group, place: Place, at: Instant): void {
    const values = this.sheet.columns.map((column) => column[row.slot]!);
    // Held, for the group would close with its last row although the next one is about to open.
    row.group.rows++;
    this.close(row);
    const target = this.of(group, place, at);
    this.#release(row.group);
    row.into = target;
    target.members += row.members;
    target.changedAt = Math.max(target.changedAt, row.changedAt);
    values.forEach((value, index) => {
      const column = this.sheet.columns[index]!;
      column[target.slot] = together(column[target.slot]!, value, this.#greatest[index]!);
    });
  }

  close(row: Row): void {
    row.isClosed = true;
    row.place.rows--;
    this.#rows.delete(row.place.id * GROUPS_PER_PLACE + row.group.id);
    this.sheet.close(row.slot);
    this.#release(row.group);
  }

  /** The place has another name. */
  relabel(place: Place): void {
    for (const row of this.#rows.values()) {
      if (row.place === place) this.sheet.relabel(row.slot, labels(row.group, place));
    }
  }

  /** Where its values are counted now, be it after a close. */
  revive(row: Row, at: Instant): Row {
    const now = current(row);
    if (!now.isClosed) return now;
    return this.of(this.#groups.again(now.group), current(now.place), at);
  }

  #release(group: Group): void {
    if (--group.rows === 0) this.#groups.close(group);
  }

  #last(place: Place, at: Instant): Row {
    const { other } = this.#groups;
    const elsewhere = this.#elsewhere(at);
    return (
      this.#rows.get(place.id * GROUPS_PER_PLACE + other.id) ??
      this.#rows.get(elsewhere.id * GROUPS_PER_PLACE + other.id) ??
      this.#open(other, elsewhere, at)
    );
  }

  #open(group: Group, place: Place, at: Instant): Row {
    const slot = this.sheet.open(labels(group, place), at);
    const row = { slot, group, place, members: 0, changedAt: at, epoch: 0, isClosed: false, into: undefined };
    this.#rows.set(place.id * GROUPS_PER_PLACE + group.id, row);
    group.rows++;
    place.rows++;
    return row;
  }
}

function labels(group: Group, { workload }: Place): readonly string[] {
  return [group.name, ...labelsOf(workload)];
}

/** NaN is not known: it changes nothing, and is nothing when neither is known. */
export function together(one: number, other: number, isGreatest: boolean): number {
  if (Number.isNaN(one)) return other;
  if (Number.isNaN(other)) return one;
  return isGreatest ? Math.max(one, other) : one + other;
}
