/**
 * Rows of numbers under labels: what the accounts write and the exposition reads, without a copy between.
 *
 * A row is a slot in one `Float64Array` per column. NaN means "not known": such a cell has no sample, and is never a zero.
 * Slots of closed rows are used again, so a reader that caches by slot compares `generations`.
 */
export class Sheet {
  readonly labelNames: readonly string[];
  readonly columnNames: readonly string[];
  /** One per column, indexed by slot. Replaced when the sheet grows: do not keep it across calls. */
  columns: Float64Array[];
  /** Label values by slot, in the order of `labelNames`; an empty string is a label that is absent. */
  readonly labels: (readonly string[])[] = [];
  /** Grows each time a slot is opened or relabelled. */
  generations: Uint32Array;
  /** Wall clock is the reader's business: this is the Instant at which the row began to count. */
  openedAt: Float64Array;
  /** Open slots, dense and unordered; only the first `size` count. */
  live: Int32Array;
  size = 0;

  readonly #initial: Float64Array;
  readonly #position: number[] = [];
  readonly #free: number[] = [];
  readonly capacityMax: number;

  /** `initial` gives each column's value in a new row: 0 for what is counted from now on, NaN for what is not known yet. */
  constructor(labelNames: readonly string[], initial: Readonly<Record<string, number>>, capacityMax: number) {
    this.labelNames = labelNames;
    this.columnNames = Object.keys(initial);
    this.capacityMax = capacityMax;
    this.#initial = Float64Array.from(Object.values(initial));
    const capacity = Math.min(64, capacityMax);
    this.columns = this.columnNames.map(() => new Float64Array(capacity));
    this.generations = new Uint32Array(capacity);
    this.openedAt = new Float64Array(capacity);
    this.live = new Int32Array(capacity);
  }

  /** The index of a column, for the callers that write it often. Throws on a name that is not one. */
  column(name: string): number {
    const index = this.columnNames.indexOf(name);
    if (index < 0) throw new RangeError(`no column ${name}; there are ${this.columnNames.join(', ')}`);
    return index;
  }

  /** A new row, or -1 when the sheet is full: the caller has a policy for that, and a counter. */
  open(labels: readonly string[], at: number): number {
    if (this.size === this.capacityMax) return -1;
    const slot = this.#free.pop() ?? this.size;
    if (slot >= this.live.length) this.#grow();

    for (let index = 0; index < this.columns.length; index++) this.columns[index]![slot] = this.#initial[index]!;
    this.labels[slot] = labels;
    this.generations[slot]! += 1;
    this.openedAt[slot] = at;
    this.live[this.size] = slot;
    this.#position[slot] = this.size++;
    return slot;
  }

  relabel(slot: number, labels: readonly string[]): void {
    this.labels[slot] = labels;
    this.generations[slot]! += 1;
  }

  close(slot: number): void {
    const hole = this.#position[slot]!;
    const last = this.live[--this.size]!;
    this.live[hole] = last;
    this.#position[last] = hole;
    this.#free.push(slot);
  }

  get(slot: number, column: number): number {
    return this.columns[column]![slot]!;
  }

  set(slot: number, column: number, value: number): void {
    this.columns[column]![slot] = value;
  }

  add(slot: number, column: number, value: number): void {
    this.columns[column]![slot]! += value;
  }

  #grow(): void {
    const capacity = Math.min(this.live.length * 2, this.capacityMax);
    this.columns = this.columns.map((column) => widen(column, new Float64Array(capacity)));
    this.generations = widen(this.generations, new Uint32Array(capacity));
    this.openedAt = widen(this.openedAt, new Float64Array(capacity));
    this.live = widen(this.live, new Int32Array(capacity));
  }
}

function widen<Column extends Float64Array | Uint32Array | Int32Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
