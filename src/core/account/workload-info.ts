import { Sheet } from '../model/sheet.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { labelsOf, WORKLOAD_LABELS } from './workload-labels.ts';

/** As OpenTelemetry calls them: `k8s.deployment.name`. */
export const OWNER_KINDS = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'] as const;

export const INFO_LABELS: readonly string[] = [
  'container.id',
  'container.name',
  'container.image.name',
  'container.runtime.name',
  'k8s.pod.uid',
  ...OWNER_KINDS.map((kind) => `k8s.${kind.toLowerCase()}.name`),
];

/** What is known of containers and pods, and is not worth a label everywhere: a row of its own for each. */
export class WorkloadInfo {
  readonly sheet: Sheet;
  readonly #podLabels: readonly string[];
  /** By slot of the sheet of workloads. */
  readonly #slots = new Map<number, number>();

  constructor(podLabels: readonly string[], placesMax: number) {
    const labels = podLabels.map((label) => `k8s.pod.label.${label}`);
    this.#podLabels = podLabels;
    this.sheet = new Sheet([...WORKLOAD_LABELS, ...INFO_LABELS, ...labels], { info: 1 }, placesMax);
  }

  /** `place` is a slot of the sheet of workloads. */
  show(place: number, workload: Workload, at: Instant): void {
    const slot = this.#slots.get(place);
    const isOfInterest = workload.kind === 'container' || workload.kind === 'pod';
    if (!isOfInterest) this.hide(place);
    else if (slot === undefined) this.#slots.set(place, this.sheet.open(this.#labels(workload), at));
    else this.sheet.relabel(slot, this.#labels(workload));
  }

  hide(place: number): void {
    const slot = this.#slots.get(place);
    if (slot === undefined) return;
    this.sheet.close(slot);
    this.#slots.delete(place);
  }

  #labels(workload: Workload): readonly string[] {
    const { containerId, container, image, engine, podUid, owner, labels } = workload;
    return [
      ...labelsOf(workload),
      ...[containerId, container, image, engine, podUid].map((value) => value ?? ''),
      ...OWNER_KINDS.map((kind) => (owner?.kind === kind ? owner.name : '')),
      ...this.#podLabels.map((name) => labels?.[name] ?? ''),
    ];
  }
}
