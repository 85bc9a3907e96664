import type { Owner } from '../core/model/workload.ts';
import type { Labels } from './labels.ts';

/**
 * Who keeps a pod alive, by what its controllers wrote on it: engines are told labels, and no owner references.
 *
 * Names of pods are made of their owner's: `api-6d4cf56db6-x7k2p` of a Deployment, `db-0` of a StatefulSet, `agent-x7k2p` of a
 * DaemonSet. Where the label does not fit the name, nobody is told.
 */
export function ownerByLabels(pod: string, labels: Labels): Owner | undefined {
  const job = labels['batch.kubernetes.io/job-name'] ?? labels['job-name'];
  if (job !== undefined) return { kind: 'Job', name: job };

  const template = labels['pod-template-hash'];
  if (template !== undefined) return named('Deployment', pod, `-${template}-[a-z0-9]{5}`);
  if (labels['statefulset.kubernetes.io/pod-name'] !== undefined) return named('StatefulSet', pod, '-\\d+');
  return labels['controller-revision-hash'] === undefined ? undefined : named('DaemonSet', pod, '-[a-z0-9]{5}');
}

/** A hash is letters and digits; what is none may be anything, and is no pattern of ours. */
function named(kind: string, pod: string, ending: string): Owner | undefined {
  const name = /^[-\w\\[\]{}+]+$/.test(ending) ? new RegExp(`^(.+)${ending}$`).exec(pod)?.[1] : undefined;
  return name === undefined ? undefined : { kind, name };
}
