import type { CgroupId, Instant } from './units.ts';

/** What a task can be kept waiting for. */
export const STALL_RESOURCES = ['cpu', 'memory', 'io'] as const;
export type StallResource = (typeof STALL_RESOURCES)[number];

/** Why it waited, as a victim sees it: what a person acts upon. */
export const CAUSES = [
  'neighbour',
  'self',
  'throttle',
  'kernel',
  'irq',
  'hypervisor',
  'idle',
  'unobserved',
  'truncated',
] as const;
export type Cause = (typeof CAUSES)[number];

/** `measured` adds up to what the kernel counted; `inferred` is a share of it, split by something else that was measured. */
export const BASES = ['measured', 'inferred'] as const;
export type Basis = (typeof BASES)[number];

/** Kernel threads by what they are for; by index, `enum kernel_work` of bpf/blame.h. */
export const KERNEL_WORK = ['other', 'kworker', 'softirq', 'reclaim', 'rcu', 'migration', 'compaction'] as const;

/** By index, `enum owner_kind` of bpf/blame.h. */
export const OWNER_KINDS = [
  'cgroup',
  'kernel',
  'throttle',
  'irq',
  'hypervisor',
  'idle',
  'unobserved',
  'truncated',
  'other',
] as const;
export type OwnerKind = (typeof OWNER_KINDS)[number];

/** Who held what somebody waited for. */
export interface Owner {
  readonly kind: OwnerKind;
  /** `cgroup`: its id. `throttle`: whose quota ran out, 0 when it can't be told. `kernel`: an index of KERNEL_WORK. Else 0. */
  readonly id: CgroupId;
}

/** One of an owner's processes, and for how much of the wait it was the one. */
export interface Holder {
  readonly pid: number;
  readonly ns: number;
}

/**
 * Tasks of the victim waited this long while the owner held what they waited for, since the last such event of the two.
 *
 * Task-seconds: two tasks that wait for a second make two.
 */
export interface StallEvent {
  readonly kind: 'stall';
  readonly at: Instant;
  readonly resource: StallResource;
  readonly basis: Basis;
  readonly victimId: CgroupId;
  readonly owner: Owner;
  readonly ns: number;
  /** The owner's heaviest, as far as they are known; their sum is at most `ns`. Valid until `observe` returns. */
  readonly holders: readonly Holder[];
}

/** Context switches since the probes were attached: what the matrix is made of, and what it could not see. */
export interface SwitchesEvent {
  readonly kind: 'switches';
  readonly at: Instant;
  readonly seen: number;
  readonly missed: number;
}
