/** What runs, where, and what must be said of it. */
import type { Limits } from '../harness/place.ts';

/** One process and the cgroup that it is alone in, or shares with the role that it names. */
export interface Role {
  readonly name: string;
  /** What stall.c makes of it: `spin,threads=4`. */
  readonly load: string;
  /** The CPU that it is bound to, or `any`: default CPU 1. */
  readonly cpu?: 0 | 1 | 'any';
  /** Before every other task; outside of the v1 CPU controller, which gives a new cgroup no such time. */
  readonly isRealtime?: boolean;
  readonly limits?: Limits;
  /** Its cgroup is a child of one that has these limits. */
  readonly parentLimits?: Limits;
}

/** Who else the matrix can name: not a role's cgroup. */
export type Culprit = 'self' | 'throttle' | 'kernel';

/** How the truth about a victim is known without any probe. */
export type TruthKind =
  /** Always wants to run, on the one CPU that it is bound to: it waits behind a role that is bound there too exactly as long as that one runs. */
  | 'runtime'
  /** Against the kernel's own clock of the quota; whatever else it waited for is one sum. */
  | 'quota'
  /** No exact truth that is not a probe: conservation, the bound and the expectations only. */
  | 'none';

export interface Victim {
  readonly role: string;
  readonly truth: TruthKind;
  /** Must be accused of most of it: a role's name, or what else there is. */
  readonly most?: string;
  /** Roles that never held what the victim waited for. */
  readonly innocent?: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly resource?: 'cpu' | 'io' | 'memory';
  readonly roles: readonly Role[];
  readonly victims: readonly Victim[];
  /** Played again without this role, for the difference that it makes. */
  readonly without?: string;
  /** Too much for an emulated machine, or it needs what that has not. */
  readonly hostOnly?: boolean;
  /** The role that changes its cgroup half-way through. */
  readonly moved?: string;
  /** The role that ends half-way through, and its cgroup with it, and both begin anew under the same name. */
  readonly recreated?: string;
}

/** Computes without end; only others keep it from it. */
export function hog(name: string, more: Partial<Role> = {}): Role {
  return { name, load: 'spin', ...more };
}

/** Computes for a while, sleeps for a while. */
export function bursty(name: string, onMs: number, offMs: number, more: Partial<Role> = {}): Role {
  return { name, load: `spin,on_us=${onMs * 1_000},off_us=${offMs * 1_000}`, ...more };
}
