import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Members } from './members.ts';
import { CELL } from './members.ts';
import type { Row } from './row.ts';
import type { UsageAccount } from './usage.ts';

/**
 * CPU of children that lived and died between two snapshots, where no exit is told.
 *
 * When a parent has waited for a child, the kernel adds the child's CPU to the parent's account of its children. What
 * grows there beyond what we counted of children that vanished was used by those that no snapshot met, or by the others
 * after they were met last.
 */
export class Children {
  readonly #members: Members;
  readonly #usage: UsageAccount;

  constructor(members: Members, usage: UsageAccount) {
    this.#members = members;
    this.#usage = usage;
  }

  /** `child` vanished, so `waiter` has waited for it: it will be in what the children used, at this snapshot or the next. */
  vanish(child: Process, waiter: Process): void {
    const { cells } = this.#members;
    const base = this.#members.base(child.slot);
    const own = cells[base + CELL.runtime]!;
    const children = cells[base + CELL.childrenUser]! + cells[base + CELL.childrenSystem]!;
    cells[this.#members.base(waiter.slot) + CELL.credit]! += own + (Number.isNaN(children) ? 0 : children);
  }

  /** At the end of a snapshot: what `process`'s children are said to have used by now. */
  settle(process: Process, row: Row, userNs: number, systemNs: number, at: Instant): void {
    const { cells } = this.#members;
    const base = this.#members.base(process.slot);
    const user = userNs - cells[base + CELL.childrenUser]!;
    const system = systemNs - cells[base + CELL.childrenSystem]!;
    cells[base + CELL.childrenUser] = userNs;
    cells[base + CELL.childrenSystem] = systemNs;

    // NaN where this is the first that we hear of a process older than us: it only begins to count.
    const grown = user + system;
    const credit = cells[base + CELL.credit]!;
    const creditBefore = cells[base + CELL.creditBefore]!;
    const fresh = grown - credit - creditBefore;
    const spent = Number.isNaN(grown) ? 0 : grown;
    cells[base + CELL.creditBefore] = Math.max(0, credit - Math.max(0, spent - creditBefore));
    cells[base + CELL.credit] = 0;
    if (!(fresh > 0)) return;

    this.#usage.addCpu(row, (fresh * user) / grown, (fresh * system) / grown);
    row.changedAt = at;
    row.place.changedAt = at;
  }
}
