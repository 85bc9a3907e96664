import type { Process } from '../model/process.ts';
import type { Tree } from '../tree/tree.ts';

const NONE: readonly Process[] = [];

/**
 * Who stands above a process: who begat it, living or remembered; else who waits for it now. So a daemon hangs below the service
 * that started it by two forks for as long as the one between is remembered, and then where the kernel put it.
 */
export function above(tree: Tree, process: Process): Process | undefined {
  const { waiterPid: pid, waiterStartedNs: startedNs } = process;
  const next = tree.parent(process) ?? tree.find({ pid, startedNs });
  // Whatever was told: nobody stands below a younger one, so no way up is a circle.
  return next !== undefined && isOlder(next, process) ? next : undefined;
}

/** The tree of the living, made when somebody asks: each below the nearest above it that lives, or that is `root`. */
export class Kin {
  /** Below nobody that is known. */
  readonly roots: readonly Process[];
  readonly #children = new Map<Process, Process[]>();

  constructor(tree: Tree, root?: Process) {
    const roots: Process[] = [];
    for (const process of tree.live) {
      if (process === root) continue;
      let next = above(tree, process);
      while (next !== undefined && next !== root && !Number.isNaN(next.endedAt)) next = above(tree, next);
      if (next === undefined) {
        roots.push(process);
        continue;
      }
      const children = this.#children.get(next);
      if (children === undefined) this.#children.set(next, [process]);
      else children.push(process);
    }
    this.roots = roots;
  }

  children(process: Process): readonly Process[] {
    return this.#children.get(process) ?? NONE;
  }
}

function isOlder(one: Process, other: Process): boolean {
  return one.startedNs < other.startedNs || (one.startedNs === other.startedNs && one.pid < other.pid);
}
