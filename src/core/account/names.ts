import type { WorkloadNames } from '../model/names.ts';
import { SOMEBODY } from '../model/path/container.ts';
import { workloadName } from '../model/path/identify.ts';
import { withoutControls } from '../model/text.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';

export type OnRename = (before: Workload, after: Workload, at: Instant) => void;

const NAMES_MAX = 16_384;
/** What a container of Docker may be called, and something else is. */
const MISLEADING = /^host$|\.(?:service|scope|slice|socket|mount|swap)$/;

/** What was told of containers and pods, be it before their cgroups were made; the names of those long not heard of go first. */
export class Names {
  /** Names that had to go for want of room. */
  forgotten = 0;
  readonly #containers = new Map<string, WorkloadNames>();
  readonly #pods = new Map<string, WorkloadNames>();
  /** By name: whose containers are called so. */
  readonly #owners = new Map<string, string>();

  learn(names: WorkloadNames): void {
    if (names.containerId !== '') this.#keep(this.#containers, names.containerId, names);
    if (names.podUid !== '') this.#keep(this.#pods, names.podUid, names);
  }

  /** The same workload by all that is known of it. */
  of(identity: Workload): Workload {
    const { containerId = '', podUid = '' } = identity;
    const names = this.#containers.get(containerId);
    if (identity.kind === 'container' && names !== undefined) return this.#container(identity, names);

    const pod = identity.kind === 'pod' ? this.#pods.get(podUid) : undefined;
    return pod === undefined ? identity : inPod(identity, pod, '');
  }

  #container(identity: Workload, names: WorkloadNames): Workload {
    if (names.pod !== '') return inPod(identity, names, names.container);
    if (names.container === '') return identity;
    const { engine = '' } = identity;
    const container = withoutControls(names.container);
    const owner = this.#owners.get(container) ?? engine;
    const isPlain = owner === engine && !MISLEADING.test(container);
    if (isPlain) this.#keep(this.#owners, container, engine);
    return { ...described(identity, names), name: workloadName(isPlain ? container : `${engine}:${container}`) };
  }

  #keep<Value>(values: Map<string, Value>, key: string, value: Value): void {
    values.delete(key);
    values.set(key, value);
    if (values.size <= NAMES_MAX) return;
    values.delete(values.keys().next().value!);
    this.forgotten++;
  }
}

/** A sandbox has no name of its own: it is the pod. */
function inPod(identity: Workload, names: WorkloadNames, container: string): Workload {
  const whole = `${names.namespace}/${names.pod}`;
  const { ownerKind, ownerName, labels } = names;

  return {
    ...described(identity, { ...names, container }),
    kind: container === '' ? 'pod' : 'container',
    name: workloadName(container === '' ? whole : `${whole}/${container}`),
    pod: withoutControls(names.pod),
    namespace: withoutControls(names.namespace),
    ...(names.podUid !== '' && { podUid: names.podUid }),
    ...(ownerKind !== '' && { owner: { kind: withoutControls(ownerKind), name: withoutControls(ownerName) } }),
    ...(labels.length > 0 && {
      labels: Object.fromEntries(labels.map(({ name, value }) => [name, withoutControls(value)])),
    }),
  };
}

function described(identity: Workload, { container, image, engine }: WorkloadNames): Workload {
  return {
    ...identity,
    ...(engine !== '' && identity.engine === SOMEBODY && { engine: withoutControls(engine) }),
    ...(container !== '' && { container: withoutControls(container) }),
    ...(image !== '' && container !== '' && { image: withoutControls(image) }),
  };
}
