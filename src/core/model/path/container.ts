import type { Workload } from '../workload.ts';
import { podUidOf } from './pod.ts';

const ID = '([0-9a-f]{64})';
const ID_SHOWN = 12;

/** systemd's cgroup driver: one scope for each container. */
const SCOPE = new RegExp(`^(docker|libpod|cri-containerd|crio|nerdctl)-${ID}\\.scope$`);
/** The cgroupfs driver, and Podman's containers that share the unit which started them. */
const DIRECTORY = new RegExp(`^(?:(libpod|libpod-payload|crio)-)?${ID}$`);
/** The driver of the one, told the names of the other: `kubepods-burstable-pod….slice:cri-containerd:<id>`. */
const MIXED = new RegExp(`:(docker|cri-containerd|crio):${ID}$`);
/** Who watches over a container is not in it. One for all: there is one for each container. */
const CONMON = new RegExp(`^(libpod|crio)-conmon-${ID}(?:\\.scope)?$`);
const BUILD = /^[0-9a-z]{25}$/;

const ENGINES: Readonly<Record<string, string>> = {
  libpod: 'podman',
  'libpod-payload': 'podman',
  'cri-containerd': 'containerd',
  nerdctl: 'containerd',
  crio: 'cri-o',
};
/** By a folder above those that are called by an id alone. */
const PARENTS: Readonly<Record<string, string>> = {
  docker: 'docker',
  ecs: 'docker',
  default: 'containerd',
  'k8s.io': 'containerd',
  moby: 'docker',
};
/** The engine, where the path does not tell which. */
export const SOMEBODY = 'container';
const USER = /^user-(\d+)\.slice$/;

/** The container, or what belongs to its engine, that the part at `index` of a path is. Ids have 64 digits in all of these engines. */
export function containerAt(parts: readonly string[], index: number): Workload | undefined {
  const part = parts[index]!;
  const conmon = CONMON.exec(part)?.[1] ?? (isConmonOfAll(parts, index) ? 'libpod' : undefined);
  if (conmon !== undefined) return { kind: 'unit', name: `${conmon}-conmon` };
  if (BUILD.test(part) && parts[index - 1] === 'buildkit') return { kind: 'unit', name: 'buildkit' };

  const named = SCOPE.exec(part) ?? MIXED.exec(part) ?? DIRECTORY.exec(part);
  // Podman calls the cgroup around a pod's containers by the pod's id alone.
  if (named === null || (parts[index - 1] === 'libpod_parent' && named[1] === undefined)) return undefined;
  const [, runtime, containerId = ''] = named;
  const engine = engineOf(runtime, parts.slice(0, index));
  return { kind: 'container', name: `${engine}:${containerId.slice(0, ID_SHOWN)}`, engine, containerId };
}

/** Who runs containers for himself alone has names of his own. */
function engineOf(runtime: string | undefined, above: readonly string[]): string {
  const engine = runtime === undefined ? byFolder(above) : (ENGINES[runtime] ?? runtime);
  const uid = above.map((part) => USER.exec(part)?.[1]).find((found) => found !== undefined);
  return uid === undefined || uid === '0' ? engine : `${engine}@${uid}`;
}

/** The engine of a pod, or in a container, is not the one around it. */
function byFolder(above: readonly string[]): string {
  const nearest = above.findLast(
    (part) => Object.hasOwn(PARENTS, part) || podUidOf([part]) !== undefined || DIRECTORY.test(part),
  );
  return PARENTS[nearest ?? ''] ?? SOMEBODY;
}

function isConmonOfAll(parts: readonly string[], index: number): boolean {
  return parts[index] === 'conmon' && parts[index - 1] === 'libpod_parent';
}
