import type { Books } from './books.ts';
import type { Housekeeping } from './housekeeping.ts';

/** By limit: how often something had to go to `~other` for want of room, as it began or after it had idled. */
export interface Overflow {
  readonly groups: number;
  readonly workloads: number;
  readonly rows: number;
  readonly cgroups: number;
  readonly names: number;
}

export function overflowOf({ groups, places, rows, cgroups, names }: Books, { folded }: Housekeeping): Overflow {
  return {
    groups: groups.refused + folded.groups,
    workloads: places.refused + folded.workloads,
    rows: rows.refused + folded.rows,
    cgroups: cgroups.refused,
    names: names.forgotten,
  };
}
