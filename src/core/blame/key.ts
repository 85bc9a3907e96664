import { KERNEL_WORK, OWNER_KINDS, STALL_RESOURCES, type StallEvent } from '../model/stall.ts';
import type { CgroupId } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import type { PairKey } from './pair.ts';

export const OTHER = '~other';

/** An event in names. A workload never is its own neighbour, whatever cgroups it is made of. */
export function keyOf(
  { owner, resource, basis }: Pick<StallEvent, 'owner' | 'resource' | 'basis'>,
  victim: Workload,
  workloadOf: (id: CgroupId) => Workload,
): PairKey {
  const common = { victim, resource, basis, offenderWorkload: undefined };

  switch (owner.kind) {
    case 'cgroup': {
      const offender = workloadOf(owner.id);
      const cause = offender.name === victim.name ? 'self' : 'neighbour';
      return { ...common, cause, offender: offender.name, offenderWorkload: offender };
    }
    case 'throttle': {
      const quota = owner.id === 0 ? undefined : workloadOf(owner.id);
      return { ...common, cause: 'throttle', offender: quota?.name ?? '', offenderWorkload: quota };
    }
    case 'kernel':
      return { ...common, cause: 'kernel', offender: `kernel:${KERNEL_WORK[owner.id] ?? KERNEL_WORK[0]}` };
    // Whoever did not fit the kernel's map: it may have been anybody, so nobody is accused.
    case 'other':
      return { ...common, cause: 'unobserved', offender: OTHER };
    default:
      return { ...common, cause: owner.kind, offender: '' };
  }
}

/** One number for all that an event of a victim may differ in: ids of cgroups stay below 2^47. */
export function ownerKey({ owner, resource, basis }: StallEvent): number {
  const kind = OWNER_KINDS.indexOf(owner.kind) * STALL_RESOURCES.length + STALL_RESOURCES.indexOf(resource);
  return owner.id * 64 + kind * 2 + (basis === 'measured' ? 0 : 1);
}
