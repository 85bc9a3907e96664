import type { Process } from '../model/process.ts';
import type { Tree } from '../tree/tree.ts';
import type { Subtree, Subtrees } from './subtrees.ts';

/** Of a subtree's part, so much must be under one process for it to be the one. */
const MOST = 0.8;
const DEPTH_MAX = 64;
/** Going down, the way is clear where one child has more than this of what its parent has. */
const HALF = 0.5;

/** Under whom the given processes are, among those that live: the lowest who has most of them. Undefined where nobody has. */
export function lowestAbove(tree: Tree, processes: readonly Process[]): Process | undefined {
  const counts = new Map<Process, number>();
  const depths = new Map<Process, number>();
  for (const process of processes) {
    const line = [...tree.ancestors(process).take(DEPTH_MAX)];
    for (const [index, ancestor] of line.entries()) {
      if (!Number.isNaN(ancestor.endedAt)) continue;
      counts.set(ancestor, (counts.get(ancestor) ?? 0) + 1);
      depths.set(ancestor, line.length - index);
    }
  }
  const [lowest] = [...counts]
    .filter(([, count]) => count >= MOST * processes.length)
    .map(([process]) => process)
    .sort((one, other) => depths.get(other)! - depths.get(one)!);
  return lowest;
}

/**
 * Who holds most of something: down from the topmost of the heaviest branch, for as long as one child has more than half of it.
 *
 * Whoever left its parent behind counts for the root of its subtree, if that is one of them. Init never is the one.
 */
export function heaviestBranch(
  tree: Tree,
  subtrees: Pick<Subtrees, 'of'>,
  members: readonly Process[],
  weigh: (process: Process) => number,
): { readonly process: Process; readonly weight: number } | undefined {
  const inside = new Set(members.filter(({ pid }) => pid > 1));
  const weights = new Map<Process, number>();
  const tops = new Set<Process>();
  for (const member of inside) {
    const line = [member, ...tree.ancestors(member).take(DEPTH_MAX)].filter((each) => inside.has(each));
    const root = rootOf(subtrees.of(member));
    if (root !== undefined && inside.has(root) && !line.includes(root)) line.push(root);
    for (const each of line) weights.set(each, (weights.get(each) ?? 0) + weigh(member));
    tops.add(line.at(-1)!);
  }

  const weightOf = (process: Process) => weights.get(process) ?? 0;
  let heaviest = most([...tops], weightOf);
  for (let next = heaviest; heaviest !== undefined && next !== undefined; ) {
    heaviest = next;
    const child = most([...tree.children(heaviest)], weightOf);
    next = child !== undefined && weightOf(child) > HALF * weightOf(heaviest) ? child : undefined;
  }
  return heaviest && { process: heaviest, weight: weightOf(heaviest) };
}

/** Undefined where it is gone: its object may be another process by now. */
export function rootOf(subtree: Subtree | undefined): Process | undefined {
  return subtree?.root.startedNs === subtree?.rootStartedNs ? subtree?.root : undefined;
}

function most(processes: readonly Process[], weightOf: (process: Process) => number): Process | undefined {
  return processes.reduce<Process | undefined>(
    (best, each) => (best === undefined || weightOf(each) > weightOf(best) ? each : best),
    undefined,
  );
}
