import type { Matrix } from '../blame/matrix.ts';
import { WINDOW_MS_MAX } from '../blame/window.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';

/** Which other workload waited longest for a CPU that the process held, in the last minute; undefined where none did. */
export function heldUp(
  blame: Matrix,
  { pid }: Process,
  now: Instant,
): { readonly victim: Workload; readonly ns: number } | undefined {
  let longest: { victim: Workload; ns: number } | undefined;
  for (const { resource, cause, victim, holders } of blame.pairs()) {
    if (resource !== 'cpu' || cause !== 'neighbour') continue;
    const ns = holders.list(now, WINDOW_MS_MAX).find((holder) => holder.pid === pid)?.ns ?? 0;
    if (ns > (longest?.ns ?? 0)) longest = { victim, ns };
  }
  return longest;
}
