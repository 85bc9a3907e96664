import type { PodLabel, WorkloadNames } from '../core/model/names.ts';
import { ownerByLabels } from './owner.ts';

export type Labels = Readonly<Record<string, string>>;

/** Longer is no label of Kubernetes; other engines take anything. */
const VALUE_LENGTH_MAX = 256;
/** What the kubelet calls the container that holds a pod's namespaces, where Docker runs it. */
const SANDBOX = 'POD';

const POD = 'io.kubernetes.pod.name';
const NAMESPACE = 'io.kubernetes.pod.namespace';
const POD_UID = 'io.kubernetes.pod.uid';
const CONTAINER = 'io.kubernetes.container.name';

export interface Told {
  readonly containerId: string;
  readonly name: string;
  readonly image: string;
  /** Where it is told. */
  readonly engine?: string;
  /** Of the container. The kubelet writes there whose it is. */
  readonly labels: Labels;
  /** Of the pod, where they are told. */
  readonly podLabels?: Labels;
}

/** `wanted` are the labels that the configuration asks for. */
export function namesFrom(
  { containerId, name, image, engine = '', labels, podLabels }: Told,
  wanted: readonly string[],
): WorkloadNames {
  const pod = labelOf(labels, POD);
  const inPod = labelOf(labels, CONTAINER);
  const all = podLabels ?? labels;
  const owner = pod === '' ? undefined : ownerByLabels(pod, all);

  return {
    containerId,
    container: pod === '' ? name : inPod === SANDBOX ? '' : inPod,
    image,
    engine,
    podUid: labelOf(labels, POD_UID),
    pod,
    namespace: labelOf(labels, NAMESPACE),
    ownerKind: owner?.kind ?? '',
    ownerName: owner?.name ?? '',
    labels: chosen(all, wanted),
  };
}

export function chosen(labels: Labels, wanted: readonly string[]): PodLabel[] {
  return wanted.map((name) => ({ name, value: labelOf(labels, name) })).filter(({ value }) => value !== '');
}

function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name]!.slice(0, VALUE_LENGTH_MAX) : '';
}
