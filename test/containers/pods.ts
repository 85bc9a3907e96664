import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmdirSync } from 'node:fs';
import { type Containerd, IMAGE } from './containerd.ts';

export interface PodSpec {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Pod extends PodSpec {
  readonly uid: string;
  readonly sandboxId: string;
}

/** There is no network plugin: pods are of the host's network, as a node's own agents are. */
const NAMESPACES = { security_context: { namespace_options: { network: 'NODE', pid: 'CONTAINER' } } };
const PARENT = '/kubepods/burstable';

/** Does by CRI what a kubelet does, in the same order and with the same names. */
export class Pods {
  readonly #containerd: Containerd;
  readonly #configs = new Map<Pod, object>();
  readonly #isAKubeletHere = hierarchies().some((mount) => existsSync(mount + PARENT));

  constructor(containerd: Containerd) {
    this.#containerd = containerd;
  }

  async start({ namespace, name, labels = {} }: PodSpec): Promise<Pod> {
    const uid = randomUUID();
    const config = {
      metadata: { name, uid, namespace, attempt: 0 },
      log_directory: `${this.#containerd.folder}/pods/${namespace}_${name}_${uid}`,
      labels: { ...labels, ...kubernetes({ namespace, name }, uid) },
      linux: { cgroup_parent: `${PARENT}/pod${uid}`, ...NAMESPACES },
    };
    const { pod_sandbox_id: sandboxId } = await this.#containerd.runtime.call('RunPodSandbox', { config });
    const pod = { namespace, name, labels, uid, sandboxId: sandboxId! };
    this.#configs.set(pod, config);
    return pod;
  }

  /** Starts a container, and does not wait for its end. Resolves with its id. */
  async run(pod: Pod, name: string, script: string, resources = {}): Promise<string> {
    const config = {
      metadata: { name, attempt: 0 },
      image: { image: this.#containerd.imageId, user_specified_image: IMAGE },
      command: ['sh', '-c', script],
      labels: { ...kubernetes(pod, pod.uid), 'io.kubernetes.container.name': name },
      log_path: `${name}/0.log`,
      linux: { resources, ...NAMESPACES },
    };
    const created = { pod_sandbox_id: pod.sandboxId, config, sandbox_config: this.#configs.get(pod) };
    const { container_id: id } = await this.#containerd.runtime.call('CreateContainer', created);
    await this.#containerd.runtime.call('StartContainer', { container_id: id });
    return id!;
  }

  /** With all that runs in it, and its cgroup, which is the kubelet's to remove. */
  async end(pod: Pod): Promise<void> {
    this.#configs.delete(pod);
    await this.#containerd.runtime.call('StopPodSandbox', { pod_sandbox_id: pod.sandboxId });
    await this.#containerd.runtime.call('RemovePodSandbox', { pod_sandbox_id: pod.sandboxId });
    removeCgroups(`${PARENT}/pod${pod.uid}`);
  }

  async close(): Promise<void> {
    for (const pod of this.#configs.keys()) await this.end(pod);
    if (this.#isAKubeletHere) return;
    removeCgroups(PARENT);
    removeCgroups('/kubepods');
  }
}

function kubernetes({ namespace, name }: PodSpec, uid: string): Record<string, string> {
  return {
    'io.kubernetes.pod.name': name,
    'io.kubernetes.pod.namespace': namespace,
    'io.kubernetes.pod.uid': uid,
  };
}

function removeCgroups(path: string): void {
  for (const mount of hierarchies()) if (existsSync(mount + path)) rmdirSync(mount + path);
}

/** Where cgroups are mounted: one place, or several where controllers are in v1. */
function hierarchies(): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return mounts.map((line) => line.split(' ')).flatMap(([, at, type]) => (type?.startsWith('cgroup') ? [at!] : []));
}
