import type { Process } from '../model/process.ts';
import type { Tree } from '../tree/tree.ts';

/** Deeper than any work that is divided. */
const DEPTH_MAX = 64;
/** Who has so much of what is left is the one, not those above. */
const MOST = 0.8;

interface Branch {
  readonly process: Process;
  readonly below: Branch[];
  count: number;
}

export interface Offender {
  readonly process: Process;
  readonly count: number;
}

/**
 * Who has so many below: two under one supervisor are two, and the supervisor none.
 *
 *     sshd 1,150 ─┬─ bash 600 ── 600 workers      from 500 on: bash has them, and perl;
 *                 └─ perl 550 ── 550 workers      what is left of sshd, 0, is not enough
 */
export class Branches {
  readonly #tree: Tree;
  readonly #branches = new Map<Process, Branch>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** One more for each who lives above the process, and for `root`, be the way to it forgotten. */
  add(process: Process, root: Process | undefined): void {
    let hasRoot = false;
    for (const ancestor of this.#above(process)) {
      this.#count(ancestor, 1);
      hasRoot ||= ancestor === root;
    }
    if (!hasRoot && root !== undefined) this.#count(root, 1);
  }

  /** So many that it had begotten ended: that is what it lost, and what all above it lost. */
  takeOff(parent: Process, count: number): void {
    if (Number.isNaN(parent.endedAt)) this.#count(parent, -count);
    for (const ancestor of this.#above(parent)) this.#count(ancestor, -count);
  }

  /**
   * Those with `enough`, when whoever below has `least` by itself is taken off.
   *
   * Who is held already stays the one while only one below it grows: the name does not wander down a tree that gets deeper.
   */
  *offenders(least: number, enough: number, isHeld: (process: Process) => boolean): Generator<Offender> {
    for (const top of this.#tops()) yield* visit(top, least, enough, isHeld);
  }

  *#above(process: Process): Generator<Process> {
    for (const ancestor of this.#tree.ancestors(process).take(DEPTH_MAX))
      if (Number.isNaN(ancestor.endedAt) && ancestor.pid > 1) yield ancestor;
  }

  #count(process: Process, count: number): void {
    const branch = this.#branches.get(process) ?? { process, below: [], count: 0 };
    branch.count += count;
    this.#branches.set(process, branch);
  }

  /** And each below the nearest above it. */
  #tops(): Branch[] {
    const tops: Branch[] = [];
    for (const branch of this.#branches.values()) {
      const above = this.#above(branch.process).find((ancestor) => this.#branches.has(ancestor));
      if (above === undefined) tops.push(branch);
      else this.#branches.get(above)!.below.push(branch);
    }
    return tops;
  }
}

function* visit(
  branch: Branch,
  least: number,
  enough: number,
  isHeld: (process: Process) => boolean,
): Generator<Offender> {
  const heavy = branch.below.filter(({ count }) => count >= least);
  const apart = heavy.length > 1 || !isHeld(branch.process) ? heavy : [];
  let count = branch.count;
  for (const each of apart) {
    count -= each.count;
    yield* visit(each, least, enough, isHeld);
  }
  if (count >= enough) yield { process: nameOf(branch, count, apart, isHeld), count };
}

/** From where it was found down to who has most of it. */
function nameOf(top: Branch, count: number, apart: readonly Branch[], isHeld: (process: Process) => boolean): Process {
  let lowest = top;
  for (;;) {
    if (isHeld(lowest.process)) return lowest.process;
    const next = lowest.below.find((each) => each.count >= MOST * count && !apart.includes(each));
    if (next === undefined) return lowest.process;
    lowest = next;
  }
}
