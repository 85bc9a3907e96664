import type { Labels } from '../labels.ts';
import { type Fields, message, messages, readFields, text, texts, write } from './protobuf.ts';

/*
 * The part of `runtime.v1` that tells names. Field numbers are those of k8s.io/cri-api, pkg/apis/runtime/v1/api.proto: tests read with
 * them what a server says by definitions that are held against those that containerd was built with.
 */

export const SERVICE = '/runtime.v1.RuntimeService';

export interface Container {
  readonly id: string;
  readonly sandboxId: string;
  readonly name: string;
  readonly image: string;
  readonly labels: Labels;
}

export interface Sandbox {
  readonly id: string;
  readonly pod: string;
  readonly podUid: string;
  readonly namespace: string;
  readonly labels: Labels;
}

/** `ListContainersRequest`, and `ListPodSandboxRequest`: a filter that holds an id. */
export function byId(id: string): Uint8Array {
  return write({ 1: write({ 1: id }) });
}

/** `VersionRequest`: we have no version to tell. */
export const VERSION: Uint8Array = write({});

/** `ContainerStatusRequest`. */
export function statusOf(id: string): Uint8Array {
  return write({ 1: id });
}

/** `ListContainersResponse`. */
export function readContainers(bytes: Uint8Array): Container[] {
  return messages(readFields(bytes), 1).map((container) => ({
    id: text(container, 1),
    sandboxId: text(container, 2),
    name: text(message(container, 3), 1),
    image: imageOf(message(container, 4)),
    labels: texts(container, 8),
  }));
}

/** `ListPodSandboxResponse`. */
export function readSandboxes(bytes: Uint8Array): Sandbox[] {
  return messages(readFields(bytes), 1).map((sandbox) => {
    const metadata = message(sandbox, 2);
    const of = { pod: text(metadata, 1), podUid: text(metadata, 2), namespace: text(metadata, 3) };
    return { id: text(sandbox, 1), ...of, labels: texts(sandbox, 5) };
  });
}

/** `ContainerStatusResponse`: what its image is called. */
export function readImage(bytes: Uint8Array): string {
  return imageOf(message(message(readFields(bytes), 1), 8));
}

/** `VersionResponse`: what the runtime calls itself. */
export function readRuntime(bytes: Uint8Array): string {
  return text(readFields(bytes), 2);
}

/** `ContainerEventResponse`: whom it is about. */
export function readHeard(bytes: Uint8Array): string {
  return text(readFields(bytes), 1);
}

/** `ImageSpec`: as the pod asks for it, where that is told. */
function imageOf(spec: Fields): string {
  return text(spec, 18) || text(spec, 1);
}
