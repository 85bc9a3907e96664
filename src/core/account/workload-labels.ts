import type { Workload } from '../model/workload.ts';

/** What each row that belongs to a workload says of it. Kubernetes' are OpenTelemetry's attributes. */
export const WORKLOAD_LABELS = [
  'workload',
  'workload_kind',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
] as const;

export function labelsOf({ name, kind, namespace, pod, container }: Workload): readonly string[] {
  return [name, kind, namespace ?? '', pod ?? '', pod === undefined ? '' : (container ?? '')];
}
