import type { Process } from '../model/process.ts';
import type { Tree } from '../tree/tree.ts';

/** Who begins a subtree of its own: nobody, init, or the kernel's thread of threads begat it. */
const INIT = 2;
const DEPTH_MAX = 4_096;

/** All that live and descend from one process, however they left it: what a daemon forks is in it too. */
export interface Subtree {
  /** Who began it; it may be gone. */
  root: Process;
  rootStartedNs: number;
  live: number;
  /** How deep below the root the last child was born. */
  depth: number;
}

/** To whose subtree each process belongs. It is inherited at the fork, so nobody walks up for an event. */
export class Subtrees {
  readonly #tree: Tree;
  readonly #of: (Subtree | undefined)[] = [];
  readonly #startedNs: number[] = [];
  readonly #depths: number[] = [];
  readonly #all = new Set<Subtree>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Those in which anyone lives. */
  all(): Iterable<Subtree> {
    return this.#all;
  }

  /** Joins it to its parent's subtree if it is in none. Whoever begins one is in none until it begets. */
  join(process: Process): void {
    if (this.of(process) !== undefined || !this.#hasAbove(process)) return;

    // From the topmost that is in none downwards; after a whole snapshot that is the process itself.
    const line = [process];
    for (const ancestor of this.#tree.ancestors(process)) {
      if (line.length > DEPTH_MAX || this.of(ancestor) !== undefined || ancestor.pid <= INIT) break;
      line.push(ancestor);
    }
    for (const each of line.reverse()) this.#enter(each);
  }

  of({ slot, startedNs }: Process): Subtree | undefined {
    return this.#startedNs[slot] === startedNs ? this.#of[slot] : undefined;
  }

  leave(process: Process): void {
    const subtree = this.of(process);
    const depth = this.#depths[process.slot] ?? 0;
    if (subtree === undefined || depth < 0) return;
    subtree.live--;
    if (subtree.live === 0) this.#all.delete(subtree);
    // It stays who it was for children that it begat and nobody has told of yet, but counts no more.
    this.#depths[process.slot] = -1 - depth;
  }

  #hasAbove(process: Process): boolean {
    const parent = this.#tree.parent(process);
    return parent !== undefined && parent.pid > INIT;
  }

  #enter(process: Process): void {
    const { slot, startedNs } = process;
    const parent = this.#tree.parent(process);
    const above = parent === undefined || parent.pid <= INIT ? undefined : this.of(parent);
    const subtree = above ?? { root: process, rootStartedNs: startedNs, live: 0, depth: 0 };
    const parentDepth = above === undefined ? -1 : this.#depths[parent!.slot]!;
    const depth = above === undefined ? 0 : (parentDepth < 0 ? -1 - parentDepth : parentDepth) + 1;

    while (slot > this.#of.length) {
      this.#of.push(undefined);
      this.#startedNs.push(Number.NaN);
      this.#depths.push(0);
    }
    this.#of[slot] = subtree;
    this.#startedNs[slot] = startedNs;
    const isLive = Number.isNaN(process.endedAt);
    this.#depths[slot] = isLive ? depth : -1 - depth;
    if (isLive) {
      subtree.live++;
      this.#all.add(subtree);
    }
    subtree.depth = depth;
  }
}
