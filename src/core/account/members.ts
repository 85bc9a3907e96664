import type { Usage } from '../model/process.ts';
import type { Row } from './row.ts';

/** Cells of a slot. The first six are what has been counted of a process, in the unit of `Usage`. */
export const CELL = {
  runtime: 0,
  user: 1,
  system: 2,
  read: 3,
  write: 4,
  faults: 5,
  /** What the samples of the running snapshot add up to, in the order of `Usage`. */
  sampled: 6,
  /** Threads by state, in the order of TASK_STATES. */
  threads: 12,
  childrenUser: 17,
  childrenSystem: 18,
  /** CPU of children that vanished and that we had counted, this snapshot and the one before. */
  credit: 19,
  creditBefore: 20,
  /** Told by the running snapshot, counted at its end. */
  childrenUserSampled: 21,
  childrenSystemSampled: 22,
} as const;
const STRIDE = 23;

export const FLAG = {
  /** It has an account. */
  open: 1,
  /** All that it used counts, for we know that it began after us. */
  fromBirth: 2,
  /** There is something to compare the next usage with. */
  isBased: 4,
  /** It lives, and counts as a member of its row. */
  isMember: 8,
  /** What it used in the end was told. */
  isReaped: 16,
} as const;

/** The account of each process, by its slot in the tree. */
export class Members {
  cells = new Float64Array(64 * STRIDE);
  flags = new Uint8Array(64);
  /** The last snapshot that sampled it. */
  epochs = new Float64Array(64);
  readonly rows: (Row | undefined)[] = [];
  /** What each got its group by: when it changed, so may have the group. */
  readonly names: string[] = [];

  base(slot: number): number {
    return slot * STRIDE;
  }

  has(slot: number): boolean {
    return slot < this.flags.length && this.flags[slot] !== 0;
  }

  open(slot: number, row: Row, name: string, isFromBirth: boolean): void {
    while (slot >= this.flags.length) this.#widen();
    // For so few, a loop is faster than the call of `fill`.
    for (let cell = slot * STRIDE; cell < (slot + 1) * STRIDE; cell++) this.cells[cell] = 0;
    this.cells[slot * STRIDE + CELL.childrenUser] = isFromBirth ? 0 : Number.NaN;
    this.cells[slot * STRIDE + CELL.childrenSystem] = isFromBirth ? 0 : Number.NaN;
    this.flags[slot] = FLAG.open | FLAG.isMember | (isFromBirth ? FLAG.fromBirth | FLAG.isBased : 0);
    this.epochs[slot] = 0;
    this.rows[slot] = row;
    this.names[slot] = name;
    row.members++;
  }

  close(slot: number): void {
    if (slot < this.flags.length) this.flags[slot] = 0;
    this.rows[slot] = undefined;
    this.names[slot] = '';
  }

  /** What has been counted of it, or was there before us. */
  counted(slot: number): Usage {
    const base = slot * STRIDE;
    return {
      runtimeNs: this.cells[base + CELL.runtime]!,
      userNs: this.cells[base + CELL.user]!,
      systemNs: this.cells[base + CELL.system]!,
      readBytes: this.cells[base + CELL.read]!,
      writeBytes: this.cells[base + CELL.write]!,
      majorFaults: this.cells[base + CELL.faults]!,
    };
  }

  #widen(): void {
    const capacity = this.flags.length * 2;
    this.cells = widen(this.cells, new Float64Array(capacity * STRIDE));
    this.flags = widen(this.flags, new Uint8Array(capacity));
    this.epochs = widen(this.epochs, new Float64Array(capacity));
  }
}

function widen<Cells extends Float64Array | Uint8Array>(from: Cells, to: Cells): Cells {
  to.set(from);
  return to;
}
