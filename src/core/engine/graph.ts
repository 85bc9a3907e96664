import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Engine } from './engine.ts';
import { above, Kin } from './kin.ts';
import { type ProcessRow, rowOf } from './process-row.ts';
import { stallBehind } from './stall-behind.ts';

export interface GraphQuery {
  /** Generations below, children of one process, and processes below in all. */
  readonly depth: number;
  readonly children: number;
  readonly limit: number;
}

/** Of a process and all below it, as far as is known. */
export interface SubtreeSums {
  readonly processes: number;
  readonly cpuRatio: number;
  /** What is shared is not counted twice, for it is not counted at all. */
  readonly anonymousBytes: number;
  readonly forksPerSecond: number;
}

export interface GraphNode extends ProcessRow {
  readonly subtree: SubtreeSums;
  /** The heaviest first: who uses most CPU with all below it. */
  readonly children: readonly GraphNode[];
  /** Children that are not shown, and how many processes those are with all below them. */
  readonly leftOut: { readonly children: number; readonly processes: number };
}

export interface Graph {
  /** The nearest first. */
  readonly ancestors: readonly AncestorRow[];
  readonly ancestorsLeftOut: number;
  readonly root: GraphNode;
}

export interface AncestorRow extends ProcessRow {
  /** It is remembered, but lives no more. */
  readonly hasEnded: boolean;
}

const ANCESTORS_MAX = 64;

/** Whom a process comes from, and who comes from it. */
export function graphOf(engine: Engine, process: Process, query: GraphQuery, at: Instant): Graph {
  const stall = stallBehind(engine, at);
  const rowFor = (each: Process) => rowOf(engine, each, stall, at);
  const line = [...lineOf(engine, process)];

  return {
    ancestors: line.slice(0, ANCESTORS_MAX).map((each) => ({ ...rowFor(each), hasEnded: !Number.isNaN(each.endedAt) })),
    ancestorsLeftOut: Math.max(0, line.length - ANCESTORS_MAX),
    root: descend(engine, [process], new Kin(engine.tree, process), query, rowFor, at)[0]!,
  };
}

/** Everybody, kernel threads aside: from those below nobody that is known, which is init where it can be seen. */
export function forestOf(engine: Engine, query: GraphQuery, at: Instant): readonly GraphNode[] {
  const stall = stallBehind(engine, at);
  const kin = new Kin(engine.tree);
  const roots = kin.roots.filter(({ isKernelThread }) => !isKernelThread);
  return descend(engine, roots, kin, query, (each) => rowOf(engine, each, stall, at), at);
}

function* lineOf({ tree }: Engine, process: Process): Generator<Process> {
  for (let next = above(tree, process); next !== undefined; next = above(tree, next)) yield next;
}

interface Growing extends GraphNode {
  children: Growing[];
  leftOut: { children: number; processes: number };
}

/** One generation after the other, so that what is left out is left out below. */
function descend(
  engine: Engine,
  roots: readonly Process[],
  kin: Kin,
  { depth, children: childrenMax, limit }: GraphQuery,
  rowFor: (process: Process) => ProcessRow,
  at: Instant,
): GraphNode[] {
  const sums = sumUp(engine, roots, kin, at);
  const heavier = (one: Process, other: Process) => byWeight(sums.get(one)!, sums.get(other)!) || one.pid - other.pid;
  const grow = (process: Process, generation: number) => {
    const leftOut = { children: 0, processes: 0 };
    const node: Growing = { ...rowFor(process), subtree: sums.get(process)!, children: [], leftOut };
    return { node, process, generation };
  };

  const tops = roots.toSorted(heavier).map((root) => grow(root, 0));
  const queue = [...tops];
  let room = limit;
  for (const { node, process, generation } of queue) {
    const children = kin.children(process).toSorted(heavier);
    const shown = generation < depth ? Math.min(childrenMax, room, children.length) : 0;
    for (const child of children.slice(0, shown)) {
      const grown = grow(child, generation + 1);
      node.children.push(grown.node);
      queue.push(grown);
    }
    room -= shown;
    node.leftOut.children = children.length - shown;
    for (const child of children.slice(shown)) node.leftOut.processes += sums.get(child)!.processes;
  }
  return tops.map(({ node }) => node);
}

function sumUp({ accounts }: Engine, roots: readonly Process[], kin: Kin, at: Instant): Map<Process, SubtreeSums> {
  const order = [...roots];
  for (const process of order) for (const child of kin.children(process)) order.push(child);

  const sums = new Map<Process, SubtreeSums>();
  for (const process of order.reverse()) {
    const { cpuRatio, forksPerSecond } = accounts.rates.of(process, at);
    const sum = { processes: 1, cpuRatio, anonymousBytes: process.anonymousBytes, forksPerSecond };
    for (const child of kin.children(process)) {
      const below = sums.get(child)!;
      sum.processes += below.processes;
      sum.cpuRatio = plus(sum.cpuRatio, below.cpuRatio);
      sum.anonymousBytes = plus(sum.anonymousBytes, below.anonymousBytes);
      sum.forksPerSecond = plus(sum.forksPerSecond, below.forksPerSecond);
    }
    sums.set(process, sum);
  }
  return sums;
}

function byWeight(one: SubtreeSums, other: SubtreeSums): number {
  return (other.cpuRatio || 0) - (one.cpuRatio || 0) || other.processes - one.processes;
}

/** NaN is not known: it takes nothing away from what is. */
function plus(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : one + other;
}
