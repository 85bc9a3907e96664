import type { ProcessId } from '../model/process.ts';
import type { Node } from './node.ts';

/** A power of two. Pids are given in turn, so that they spread evenly. */
const BUCKETS = 16_384;

/**
 * Nodes by pid, chained through the nodes themselves; of those that share a pid, the youngest comes first.
 *
 * Not a `Map`: that one makes a new table every few hundred deletions, and each dead table that grew old keeps the next one
 * alive until a full collection.
 */
export class PidIndex {
  readonly #buckets: (Node | undefined)[] = new Array<Node | undefined>(BUCKETS).fill(undefined);

  /** The one that got this pid last; it may have ended. */
  youngest(pid: number): Node | undefined {
    let node = this.#buckets[pid & (BUCKETS - 1)];
    while (node !== undefined && node.pid !== pid) node = node.nextInBucket;
    return node;
  }

  find({ pid, startedNs }: ProcessId): Node | undefined {
    let node = this.#buckets[pid & (BUCKETS - 1)];
    while (node !== undefined && !(node.pid === pid && node.startedNs === startedNs)) node = node.nextInBucket;
    return node;
  }

  /** Who begat it, if that is remembered. */
  parentOf({ parentPid, parentStartedNs }: HasParent): Node | undefined {
    let node = this.#buckets[parentPid & (BUCKETS - 1)];
    while (node !== undefined && !node.is(parentPid, parentStartedNs)) node = node.nextInBucket;
    return node;
  }

  /** The one that had the same pid before. */
  older({ pid, nextInBucket }: Node): Node | undefined {
    let node = nextInBucket;
    while (node !== undefined && node.pid !== pid) node = node.nextInBucket;
    return node;
  }

  /** It is younger than all of the same pid. */
  add(node: Node): void {
    const bucket = node.pid & (BUCKETS - 1);
    node.nextInBucket = this.#buckets[bucket];
    this.#buckets[bucket] = node;
  }

  delete(node: Node): void {
    const bucket = node.pid & (BUCKETS - 1);
    let before = this.#buckets[bucket];
    if (before === node) this.#buckets[bucket] = node.nextInBucket;
    else {
      while (before !== undefined && before.nextInBucket !== node) before = before.nextInBucket;
      if (before !== undefined) before.nextInBucket = node.nextInBucket;
    }
    node.nextInBucket = undefined;
  }
}

interface HasParent {
  readonly parentPid: number;
  readonly parentStartedNs: number;
}
