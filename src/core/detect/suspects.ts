import type { Process } from '../model/process.ts';
import type { Tree } from '../tree/tree.ts';

/** Of a subtree's part, so much must be under one process for it to be the one. */
const MOST = 0.8;
const DEPTH_MAX = 64;

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
