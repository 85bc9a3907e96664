/** What a cgroup is, as far as its path tells. */
export type WorkloadKind = 'pod' | 'container' | 'unit' | 'slice' | 'cgroup' | 'host' | 'other';

/** Where a process lives, by name. Two cgroups may be one workload. */
export interface Workload {
  readonly kind: WorkloadKind;
  /** Unique among workloads: `nginx.service`, `docker:4f0c3a1b2d5e`, `host`, `~other`. */
  readonly name: string;
  readonly containerId?: string;
  readonly podUid?: string;
  /** Of Kubernetes, where it is known. */
  readonly namespace?: string;
}

/** A cgroup and its claim to CPU beside its siblings. */
export interface Rank {
  readonly path: string;
  readonly weight: number;
}
