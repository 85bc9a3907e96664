import { Matrix, type MatrixOptions } from '../../../src/core/blame/matrix.ts';
import type { OwnerKind, StallEvent } from '../../../src/core/model/stall.ts';
import type { CgroupId } from '../../../src/core/model/units.ts';
import type { Workload } from '../../../src/core/model/workload.ts';

export const SECOND = 1e9;
export const MS = 1e6;

/** Well beyond the first window. */
export const NOW = 1_000_000;

export function workload(name: string, more: Partial<Workload> = {}): Workload {
  return { kind: 'unit', name, ...more };
}

/** Cgroups and whose they are; any other is `cgroup:ID`. May be changed meanwhile, as names come late. */
export type Names = Map<CgroupId, Workload>;

export function names(known: Readonly<Record<CgroupId, Workload | string>> = {}): Names {
  return new Map(
    Object.entries(known).map(([id, name]) => [Number(id), typeof name === 'string' ? workload(name) : name]),
  );
}

export function matrixOf(known: Names, options: Partial<MatrixOptions> = {}): Matrix {
  return new Matrix({
    workloadOf(id) {
      const found = known.get(id) ?? workload(`cgroup:${id}`, { kind: 'cgroup' });
      known.set(id, found);
      return found;
    },
    ...options,
  });
}

/** Tasks of one cgroup waited for the CPU that another held. */
export function behind(
  victimId: CgroupId,
  offenderId: CgroupId,
  ns: number,
  more: Partial<StallEvent> = {},
): StallEvent {
  return stall(victimId, 'cgroup', ns, { owner: { kind: 'cgroup', id: offenderId }, ...more });
}

export function stall(victimId: CgroupId, kind: OwnerKind, ns: number, more: Partial<StallEvent> = {}): StallEvent {
  return {
    kind: 'stall',
    at: NOW,
    resource: 'cpu',
    basis: 'measured',
    victimId,
    owner: { kind, id: 0 },
    ns,
    holders: [],
    ...more,
  };
}
