import type { Instant } from '../model/units.ts';
import type { Node } from './node.ts';

/** Processes that ended, the oldest first: at most so many, none older than so long. */
export class Graveyard {
  readonly #nodes: (Node | undefined)[];
  readonly #ageMsMax: number;
  readonly #forget: (node: Node) => void;
  #head = 0;
  size = 0;

  /** `forget` is told of each that leaves; from then on its object may be another process. */
  constructor(capacity: number, ageMsMax: number, forget: (node: Node) => void) {
    this.#nodes = new Array<Node | undefined>(capacity).fill(undefined);
    this.#ageMsMax = ageMsMax;
    this.#forget = forget;
  }

  bury(node: Node, at: Instant): void {
    this.sweep(at);
    const capacity = this.#nodes.length;
    if (capacity === 0) {
      this.#forget(node);
      return;
    }
    if (this.size === capacity) this.#dropOldest();
    this.#nodes[(this.#head + this.size++) % capacity] = node;
  }

  sweep(at: Instant): void {
    while (this.size > 0 && at - this.#nodes[this.#head]!.endedAt > this.#ageMsMax) this.#dropOldest();
  }

  #dropOldest(): void {
    const node = this.#nodes[this.#head];
    this.#nodes[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#nodes.length;
    this.size--;
    if (node !== undefined) this.#forget(node);
  }
}
