/** What a cgroup is, as far as its path tells. */
export const WORKLOAD_KINDS = ['pod', 'container', 'unit', 'slice', 'cgroup', 'host', 'other'] as const;
export type WorkloadKind = (typeof WORKLOAD_KINDS)[number];

/** Where a process lives, by name. Two cgroups may be one workload. */
export interface Workload {
  readonly kind: WorkloadKind;
  /** Unique among workloads: `nginx.service`, `resizer`, `payments/api-7d4f-x2k9p/api`, `docker:4f0c3a1b2d5e`, `host`, `~other`. */
  readonly name: string;
  /** Who runs it: `docker`, `podman`, `containerd`, `cri-o`, `lxc`, `nspawn`, `nomad`; with the uid of who runs it for himself. */
  readonly engine?: string;
  readonly containerId?: string;
  /** As its engine calls it; of a pod's container, as the pod does. Absent while nobody told. */
  readonly container?: string;
  readonly image?: string;
  readonly podUid?: string;
  readonly pod?: string;
  /** Of Kubernetes, where it is known. */
  readonly namespace?: string;
  /** Who keeps the pod alive. */
  readonly owner?: Owner;
  /** Those of the pod that the configuration asks for. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Owner {
  /** `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, … */
  readonly kind: string;
  readonly name: string;
}

/** A cgroup and its claim to CPU beside its siblings. */
export interface Rank {
  readonly path: string;
  readonly weight: number;
}
