/** A label of a pod that the configuration asks for. */
export interface PodLabel {
  readonly name: string;
  readonly value: string;
}

/** What an engine, or Kubernetes, calls a container and its pod. An empty string is what it did not tell. */
export interface WorkloadNames {
  /** 64 hexadecimal digits; also of the sandbox that holds a pod's namespaces. Empty where only the pod is told. */
  readonly containerId: string;
  /** Empty for a pod's sandbox. */
  readonly container: string;
  readonly image: string;
  /** Who runs it, as it calls itself: `containerd`, `cri-o`. */
  readonly engine: string;
  readonly podUid: string;
  readonly pod: string;
  readonly namespace: string;
  readonly ownerKind: string;
  readonly ownerName: string;
  readonly labels: readonly PodLabel[];
}
