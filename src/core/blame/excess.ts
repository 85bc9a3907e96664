import type { Rank } from '../model/workload.ts';

/** One that used CPU, or waited for it, within one window; both in the same unit. */
export interface Contender {
  readonly name: string;
  readonly used: number;
  /** While others ran: not what its own quota made it wait. */
  readonly waited: number;
  /** From the topmost cgroup down to its own; empty when a weight in it is unknown. */
  readonly line: readonly Rank[];
}

export interface Excess {
  readonly used: number;
  /** The part of `used` above its fair share. */
  readonly above: number;
}

/** What one may have at most, against what others may. */
interface Rival {
  readonly weight: number;
  readonly demand: number;
}

class Node implements Rival {
  readonly weight: number;
  readonly children = new Map<string, Node>();
  own: Contender | undefined;
  demand = 0;

  constructor(weight: number) {
    this.weight = weight;
  }
}

/**
 * How far each went above its weight-fair share of the CPU that was given out: what tells a bully from a crowd.
 *
 * Fair is max-min fair by weight, level by level as the scheduler divides: nobody is due more than it used and waited for,
 * and what one leaves is divided among the rest. Who has no known weight is left out with what it used, and gets no answer.
 */
export function excess(contenders: readonly Contender[]): Map<string, Excess> {
  const ranked = contenders.filter(({ line }) => line.length > 0);
  const root = new Node(Number.NaN);
  for (const contender of ranked) plant(root, contender);

  const found = new Map<string, Excess>();
  divide(
    root,
    sum(ranked, ({ used }) => used),
    found,
  );
  return found;
}

function plant(root: Node, contender: Contender): void {
  let node = root;
  for (const { path, weight } of contender.line) {
    let child = node.children.get(path);
    if (child === undefined) {
      child = new Node(weight);
      node.children.set(path, child);
    }
    child.demand += contender.used + contender.waited;
    node = child;
  }
  node.own = contender;
}

function divide({ own, children }: Node, capacity: number, found: Map<string, Excess>): void {
  if (own !== undefined && children.size === 0) {
    found.set(own.name, { used: own.used, above: Math.max(0, own.used - capacity) });
    return;
  }
  // Tasks of an inner cgroup compete each by itself, so as a whole they have no weight.
  const rest = Math.max(0, capacity - (own?.used ?? 0));
  const nodes = [...children.values()];
  const shares = fill(nodes, rest);
  nodes.forEach((node, index) => {
    divide(node, shares[index]!, found);
  });
}

/** By weight; what one has no use for goes to those who have. */
export function fill(rivals: readonly Rival[], capacity: number): number[] {
  const order = rivals.map((_, index) => index);
  order.sort((one, other) => hunger(rivals[one]!) - hunger(rivals[other]!));
  const shares = new Array<number>(rivals.length).fill(0);
  let left = capacity;
  let weights = sum(rivals, ({ weight }) => weight);

  for (const index of order) {
    const { weight, demand } = rivals[index]!;
    const share = Math.min(demand, (left * weight) / weights);
    shares[index] = share;
    left -= share;
    weights -= weight;
  }
  return shares;
}

function hunger({ demand, weight }: Rival): number {
  return demand / weight;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
