import type { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';

const STEP_MS = 2_000;
/** So that the oldest is ten seconds old at least, and less than twelve. */
const MARKS = 6;

interface Mark {
  at: Instant;
  generations: Uint32Array;
  cells: Float64Array[];
}

/**
 * How much counters of a sheet grew in the last ten to twelve seconds.
 *
 * Every two seconds they are copied whole; nothing is done when one of them is counted.
 */
export class Recent {
  readonly #sheet: Sheet;
  readonly #columns: readonly number[];
  readonly #marks: Mark[] = [];

  constructor(sheet: Sheet, names: readonly string[]) {
    this.#sheet = sheet;
    this.#columns = names.map((name) => sheet.column(name));
  }

  observe(at: Instant): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && at - last.at < STEP_MS) return;
    const mark = this.#marks.length < MARKS ? { at, generations: new Uint32Array(0), cells: [] } : this.#marks.shift()!;
    mark.at = at;
    mark.generations = copied(this.#sheet.generations, mark.generations, Uint32Array);
    mark.cells = this.#columns.map((column, index) =>
      copied(this.#sheet.columns[column]!, mark.cells[index] ?? new Float64Array(0), Float64Array),
    );
    this.#marks.push(mark);
  }

  /** How far back the oldest mark of the row is; NaN of a row that is younger than all. */
  seconds(slot: number, at: Instant): number {
    return (at - (this.#markOf(slot)?.at ?? Number.NaN)) / 1_000;
  }

  /** Since that mark; NaN where it is not known. `column` is the sheet's. */
  growth(slot: number, column: number): number {
    const cells = this.#markOf(slot)?.cells[this.#columns.indexOf(column)];
    return cells === undefined ? Number.NaN : this.#sheet.get(slot, column) - cells[slot]!;
  }

  /** A slot may have been another row's, and a row may be younger than the oldest mark. */
  #markOf(slot: number): Mark | undefined {
    const generation = this.#sheet.generations[slot];
    return this.#marks.find(({ generations }) => generations[slot] === generation);
  }
}

function copied<Cells extends Float64Array | Uint32Array>(
  from: Cells,
  to: Cells,
  Empty: new (length: number) => Cells,
): Cells {
  const target = to.length === from.length ? to : new Empty(from.length);
  target.set(from);
  return target;
}
