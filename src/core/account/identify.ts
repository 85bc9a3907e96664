import type { Workload } from '../model/workload.ts';
import { shorten, withoutControls } from './name.ts';

/** What a path says, and whether the cgroup is the whole workload or only a part inside of it. */
export interface Identity {
  readonly workload: Workload;
  readonly isWhole: boolean;
}

export const HOST: Workload = { kind: 'host', name: 'host' };
export const OTHER_WORKLOAD: Workload = { kind: 'other', name: '~other' };

const ID = '[0-9a-f]{64}';
const ID_SHOWN = 12;
/** Below what any reader of labels cuts at, so that two names never become one behind our back. */
const NAME_LENGTH_MAX = 120;
/** systemd's cgroup driver: one scope for each container. */
const SCOPE = new RegExp(`^(docker|libpod|cri-containerd|crio|nerdctl)-(${ID})\\.scope$`);
const ENGINES: Readonly<Record<string, string>> = { libpod: 'podman', 'cri-containerd': 'containerd', crio: 'cri-o' };
/** The cgroupfs driver: `/docker/<id>`, `/libpod_parent/libpod-<id>`, `/kubepods/burstable/pod<uid>/<id>`. */
const DIRECTORY = new RegExp(`^(?:(libpod|crio)-)?(${ID})$`);
const POD = /^(?:kubepods.*-)?pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$/;
const UNIT = /\.(?:service|scope|socket|mount|swap)$/;
const SLICE = /\.slice$/;

/**
 * The innermost container, else the nearest unit, else the pod or slice itself, else the path.
 *
 * `path` begins with a slash. Container ids are 64 hexadecimal digits in all of these engines.
 */
export function identify(path: string): Identity {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { workload: HOST, isWhole: true };

  const podUid = podUidOf(parts);
  return (
    containerOf(parts, podUid) ??
    unitOf(parts) ??
    (podUid === undefined ? undefined : podOf(parts, podUid)) ??
    sliceOf(parts) ?? { workload: { kind: 'cgroup', name: workloadName(path) }, isWhole: true }
  );
}

function containerOf(parts: readonly string[], podUid: string | undefined): Identity | undefined {
  for (let index = parts.length - 1; index >= 0; index--) {
    const found = engineAndId(parts[index]!, parts[index - 1]);
    if (found === undefined) continue;

    const [engine, containerId] = found;
    const name = `${engine}:${containerId.slice(0, ID_SHOWN)}`;
    const pod = podUid === undefined ? {} : { podUid };
    return { workload: { kind: 'container', name, containerId, ...pod }, isWhole: index === parts.length - 1 };
  }
  return undefined;
}

function engineAndId(part: string, parent: string | undefined): [engine: string, id: string] | undefined {
  const scope = SCOPE.exec(part);
  if (scope !== null) return [ENGINES[scope[1]!] ?? scope[1]!, scope[2]!];

  const directory = DIRECTORY.exec(part);
  if (directory === null) return undefined;
  const engine = directory[1] ?? (parent === 'docker' ? 'docker' : 'container');
  return [ENGINES[engine] ?? engine, directory[2]!];
}

function podUidOf(parts: readonly string[]): string | undefined {
  for (const part of parts) {
    const uid = POD.exec(part)?.[1];
    if (uid !== undefined) return uid.replaceAll('_', '-');
  }
  return undefined;
}

function podOf(parts: readonly string[], podUid: string): Identity {
  return { workload: { kind: 'pod', name: `pod:${podUid}`, podUid }, isWhole: POD.test(parts.at(-1)!) };
}

function unitOf(parts: readonly string[]): Identity | undefined {
  const index = parts.findLastIndex((part) => UNIT.test(part));
  if (index < 0) return undefined;
  return { workload: { kind: 'unit', name: workloadName(parts[index]!) }, isWhole: index === parts.length - 1 };
}

function sliceOf(parts: readonly string[]): Identity | undefined {
  const name = parts.at(-1)!;
  return SLICE.test(name) ? { workload: { kind: 'slice', name: workloadName(name) }, isWhole: true } : undefined;
}

function workloadName(name: string): string {
  return shorten(withoutControls(name), NAME_LENGTH_MAX);
}
