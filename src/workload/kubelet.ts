import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { WorkloadNames } from '../core/model/names.ts';
import { chosen } from './labels.ts';
import { ownerByLabels } from './owner.ts';
import type { Source } from './source.ts';
import { isContainerId, listOf, type Members, membersOf, textOf, textsOf } from './unknown.ts';

const ANSWER_BYTES_MAX = 16 << 20;
const ANSWER_MS_MAX = 10_000;
/** Init containers first, then sidecars among them, those of a debugger last. */
const STATUSES = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'];

export interface KubeletOptions {
  /** `https://127.0.0.1:10250` */
  readonly url: string;
  /** Read for each request, for it is changed every hour. */
  readonly tokenFile: string;
  /** Empty: the kubelet's certificate, which it signs by itself, is not checked. */
  readonly caFile: string;
}

/** The kubelet's list of its pods: who runs in them, and to whom they belong. */
export class KubeletSource implements Source {
  readonly name: string;
  readonly isLastResort = true;
  readonly #options: KubeletOptions;
  readonly #labels: readonly string[];
  #agent: Agent | undefined;

  constructor(options: KubeletOptions, labels: readonly string[]) {
    this.name = options.url;
    this.#options = options;
    this.#labels = labels;
  }

  async lookUp(containerIds: readonly string[], signal: AbortSignal): Promise<readonly WorkloadNames[]> {
    const wanted = new Set(containerIds);
    const { items } = membersOf(await this.#pods(signal));
    return listOf(items)
      .flatMap((pod) => this.#inPod(membersOf(pod)))
      .filter(({ containerId }) => wanted.has(containerId));
  }

  async listen(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  async #pods(signal: AbortSignal): Promise<unknown> {
    const { url, tokenFile } = this.#options;
    const token = (await readFile(tokenFile, 'utf8')).trim();
    this.#agent ??= new Agent({ connect: await this.#trust(), maxResponseSize: ANSWER_BYTES_MAX });
    const { statusCode, body } = await request(`${url}/pods`, {
      headers: { authorization: `Bearer ${token}` },
      dispatcher: this.#agent,
      headersTimeout: ANSWER_MS_MAX,
      bodyTimeout: ANSWER_MS_MAX,
      signal,
    });
    if (statusCode === 200) return body.json();
    await body.dump({ limit: 1_024 });
    throw new Error(`GET /pods answered ${statusCode}`);
  }

  async #trust() {
    const { caFile } = this.#options;
    return caFile === '' ? { rejectUnauthorized: false } : { ca: await readFile(caFile) };
  }

  #inPod({ metadata, status }: Members): WorkloadNames[] {
    const { name, namespace, uid, labels, ownerReferences, annotations } = membersOf(metadata);
    const pod = textOf(name);
    const all = textsOf(labels);
    const owner = ownerOf(pod, all, listOf(ownerReferences).map(membersOf));
    const common = {
      // The cgroup of a static pod goes by the hash of its file.
      podUid: textsOf(annotations)['kubernetes.io/config.hash'] ?? textOf(uid),
      pod,
      namespace: textOf(namespace),
      ownerKind: owner?.kind ?? '',
      ownerName: owner?.name ?? '',
      labels: chosen(all, this.#labels),
    };

    return STATUSES.flatMap((list) => listOf(membersOf(status)[list]).map(membersOf))
      .map((each) => ({
        ...common,
        ...whoseOf(textOf(each.containerID)),
        container: textOf(each.name),
        image: textOf(each.image),
      }))
      .filter(({ containerId, container }) => isContainerId(containerId) && container !== '');
  }
}

/** `containerd://4f0c…` */
function whoseOf(id: string) {
  const [, engine = '', containerId = id] = /^([\w.-]+):\/\/(.*)$/.exec(id) ?? [];
  return { engine, containerId };
}

/** A ReplicaSet that a Deployment made is named after it, and the pod's label tells how. */
function ownerOf(pod: string, labels: Record<string, string>, references: readonly Members[]) {
  const controller = references.find(({ controller }) => controller === true) ?? references[0];
  if (controller === undefined) return undefined;
  const kind = textOf(controller.kind);
  return (kind === 'ReplicaSet' ? ownerByLabels(pod, labels) : undefined) ?? { kind, name: textOf(controller.name) };
}
