import type { StartedNs } from '../model/units.ts';
import type { Node } from './node.ts';

/** Nodes by pid; those that share one hang together, the youngest first. */
export class PidIndex {
  readonly #youngest = new Map<number, Node>();
  /** The one asked for last: what happens to a process comes in bursts. */
  #last: Node | undefined;

  /** The one that got this pid last; it may have ended. */
  youngest(pid: number): Node | undefined {
    if (this.#last !== undefined && this.#last.pid === pid) return this.#last;
    const node = this.#youngest.get(pid);
    if (node !== undefined) this.#last = node;
    return node;
  }

  find(pid: number, startedNs: StartedNs): Node | undefined {
    let node = this.youngest(pid);
    while (node !== undefined && node.startedNs !== startedNs) node = node.namesake;
    return node;
  }

  /** `namesake` is the youngest so far. */
  add(node: Node, namesake: Node | undefined): void {
    node.namesake = namesake;
    this.#youngest.set(node.pid, node);
    this.#last = node;
  }

  delete(node: Node): void {
    if (this.#last?.pid === node.pid) this.#last = undefined;
    const first = this.#youngest.get(node.pid);
    if (first === node) {
      if (node.namesake === undefined) this.#youngest.delete(node.pid);
      else this.#youngest.set(node.pid, node.namesake);
    } else {
      let older = first;
      while (older !== undefined && older.namesake !== node) older = older.namesake;
      if (older !== undefined) older.namesake = node.namesake;
    }
    node.namesake = undefined;
  }
}
