import type { Identity } from './identify.ts';

/** A uid, or of a static pod the hash of its file. `kubelet-` and the like before it where a kubelet runs below a root of its own. */
const POD = /^(?:.*kubepods.*-)?pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?:\.slice)?$/;
const PODMAN_POD = /\/(?:(?:machine|user)-libpod_pod_|libpod_parent\/)([0-9a-f]{12})[0-9a-f]{52}(?:\.slice)?$/;

/** Of the innermost pod, as Kubernetes writes it. */
export function podUidOf(parts: readonly string[]): string | undefined {
  for (const part of parts.toReversed()) {
    const uid = POD.exec(part)?.[1];
    if (uid !== undefined) return uid.replaceAll('_', '-');
  }
  return undefined;
}

/** The cgroup around a pod's containers. */
export function podOf(parts: readonly string[]): Identity | undefined {
  const podman = PODMAN_POD.exec(`/${parts.join('/')}`);
  if (podman !== null) return { workload: { kind: 'pod', name: `podman-pod:${podman[1]}` }, isWhole: true };

  const podUid = podUidOf(parts);
  if (podUid === undefined) return undefined;
  return { workload: { kind: 'pod', name: `pod:${podUid}`, podUid }, isWhole: POD.test(parts.at(-1)!) };
}
