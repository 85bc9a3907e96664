import * as Type from 'typebox';

const Told = (description: string) => Type.Optional(Type.String({ description }));

/** A workload, by all that is known of it; what is absent nobody told. */
export const WorkloadAnswer = Type.Object({
  kind: Type.String(),
  name: Type.String({ description: 'As in the label `workload`.' }),
  engine: Told('Who runs it: `docker`, `podman`, `containerd`, `cri-o`, `lxc`, …'),
  containerId: Told('As its engine has it.'),
  container: Told('As its engine calls it; of a container of a pod, as the pod does.'),
  image: Told('What it was made from.'),
  podUid: Told('Of Kubernetes.'),
  pod: Told('Of Kubernetes.'),
  namespace: Told('Of Kubernetes.'),
  owner: Type.Optional(
    Type.Object({ kind: Type.String(), name: Type.String() }, { description: 'Who keeps the pod alive.' }),
  ),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'Those that `workloads.labels` asks for.' }),
  ),
});
