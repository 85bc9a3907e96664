import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import type { WorkloadNames } from '../../core/model/names.ts';
import { namesFrom } from '../labels.ts';
import type { Hearing, Source } from '../source.ts';
import { isContainerId } from '../unknown.ts';
import type { Container, Sandbox } from './messages.ts';
import * as messages from './messages.ts';

const ANSWER_BYTES_MAX = 4 << 20;
const ANSWER_MS_MAX = 10_000;
/** Pods whose labels are kept while one round of questions is asked. */
const AT_ONCE = 8;

/** An engine that Kubernetes drives by CRI v1: containerd, CRI-O, cri-dockerd. */
export class CriSource implements Source {
  readonly name: string;
  readonly #labels: readonly string[];
  readonly #client: Client;
  #engine: string | undefined;

  constructor(socketPath: string, labels: readonly string[]) {
    this.name = socketPath;
    this.#labels = labels;
    this.#client = new Client(`unix:${socketPath}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': ANSWER_BYTES_MAX,
      // A socket has no name to be resolved, and no proxy.
      'grpc.default_authority': 'localhost',
      'grpc.initial_reconnect_backoff_ms': 500,
      'grpc.max_reconnect_backoff_ms': 5_000,
    });
  }

  async lookUp(containerIds: readonly string[], signal: AbortSignal): Promise<readonly WorkloadNames[]> {
    this.#engine ??= await this.#askEngine(signal);
    const sandboxes = new Map<string, Promise<Sandbox | undefined>>();
    const found: WorkloadNames[] = [];
    for (let from = 0; from < containerIds.length; from += AT_ONCE) {
      const some = containerIds.slice(from, from + AT_ONCE).map((id) => this.#lookUpOne(id, sandboxes, signal));
      found.push(...(await Promise.all(some)).flat());
    }
    return found;
  }

  /** Runtimes older than CRI's events of 1.26 answer that they have none. */
  listen({ heard }: Hearing, opened: () => void, signal: AbortSignal): Promise<boolean> {
    const path = `${messages.SERVICE}/GetContainerEvents`;
    const call = this.#client.makeServerStreamRequest(path, asBytes, messages.readHeard, Buffer.alloc(0));
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const cancel = () => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });

    call.on('metadata', opened);
    call.on('data', (id: string) => isContainerId(id) && heard(id));
    call.on('error', (error: ServiceError) => (error.code === status.UNIMPLEMENTED ? resolve(false) : reject(error)));
    call.on('end', () => resolve(true));
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  async close(): Promise<void> {
    this.#client.close();
  }

  async #askEngine(signal: AbortSignal): Promise<string> {
    try {
      return await this.#call('Version', messages.VERSION, messages.readRuntime, signal);
    } catch (error) {
      // All runtimes have it; their names matter more than what they call themselves.
      if ((error as ServiceError).code === status.UNIMPLEMENTED) return '';
      throw error;
    }
  }

  async #lookUpOne(
    id: string,
    sandboxes: Map<string, Promise<Sandbox | undefined>>,
    signal: AbortSignal,
  ): Promise<WorkloadNames[]> {
    const sandboxOf = (sandboxId: string) => {
      const asked = sandboxes.get(sandboxId) ?? this.#sandbox(sandboxId, signal);
      sandboxes.set(sandboxId, asked);
      return asked;
    };
    const all = await this.#call('ListContainers', messages.byId(id), messages.readContainers, signal);
    const container = all.find((each) => each.id === id);
    const sandbox = await sandboxOf(container?.sandboxId ?? id);
    if (container !== undefined) return [this.#names(container, sandbox, await this.#imageOf(container, signal))];
    return sandbox === undefined
      ? []
      : [this.#names({ id, sandboxId: id, name: '', image: '', labels: {} }, sandbox, '')];
  }

  async #sandbox(id: string, signal: AbortSignal): Promise<Sandbox | undefined> {
    const all = await this.#call('ListPodSandbox', messages.byId(id), messages.readSandboxes, signal);
    return all.find((each) => each.id === id);
  }

  /** containerd lists an image by its digest, and tells its name when asked for one container. */
  async #imageOf({ id, image }: Container, signal: AbortSignal): Promise<string> {
    if (!/^(?:sha256:)?[0-9a-f]{64}$/.test(image)) return image;
    return (await this.#call('ContainerStatus', messages.statusOf(id), messages.readImage, signal)) || image;
  }

  #names({ id, name, labels }: Container, sandbox: Sandbox | undefined, image: string): WorkloadNames {
    const names = namesFrom(
      {
        containerId: id,
        name,
        image,
        engine: this.#engine ?? '',
        labels: { ...kubernetesOf(sandbox), ...labels },
        podLabels: sandbox?.labels ?? {},
      },
      this.#labels,
    );
    // What no kubelet started has no label that tells its name, and is in a pod all the same.
    return names.pod === '' ? names : { ...names, container: names.container || name };
  }

  #call<Answer>(
    method: string,
    request: Uint8Array,
    read: (bytes: Uint8Array) => Answer,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const deadline = Date.now() + ANSWER_MS_MAX;
    const call = this.#client.makeUnaryRequest(
      `${messages.SERVICE}/${method}`,
      asBytes,
      read,
      request,
      { deadline },
      (error, answer) => {
        if (error === null && answer !== undefined) resolve(answer);
        else reject(error ?? new Error(`${method} answered nothing`));
      },
    );
    const cancel = () => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  }
}

/** As the kubelet would have written it on the container. */
function kubernetesOf(sandbox: Sandbox | undefined): Record<string, string> {
  if (sandbox === undefined) return {};
  return {
    'io.kubernetes.pod.name': sandbox.pod,
    'io.kubernetes.pod.namespace': sandbox.namespace,
    'io.kubernetes.pod.uid': sandbox.podUid,
  };
}

function asBytes(request: Uint8Array): Buffer {
  return Buffer.from(request);
}
