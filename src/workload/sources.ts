import { existsSync } from 'node:fs';
import { findSockets } from './sockets.ts';
import type { Source } from './source.ts';

export interface SourcesOptions {
  /** Where the host's `/` is mounted; empty when it is ours. */
  readonly hostRoot: string;
  /** Paths of sockets; a star stands for the name of one folder. */
  readonly dockerSockets: readonly string[];
  readonly criSockets: readonly string[];
  /** Empty: it is not asked. */
  readonly kubeletUrl: string;
  readonly kubeletTokenFile: string;
  readonly kubeletCaFile: string;
  /** Of pods, and of containers that are in none. */
  readonly labels: readonly string[];
}

/**
 * The engines that are here, and those not in `known` are opened: what speaks their language is loaded only then.
 *
 * Kubernetes' engine before the kubelet, which is asked only for what that does not know.
 */
export async function openSources(options: SourcesOptions, known: ReadonlySet<string>): Promise<Source[]> {
  const { hostRoot, dockerSockets, criSockets, kubeletUrl, kubeletTokenFile, kubeletCaFile, labels } = options;
  const sources: Source[] = [];

  for (const path of findSockets(dockerSockets, hostRoot).filter((each) => !known.has(each))) {
    const { DockerSource } = await import('./docker.ts');
    sources.push(new DockerSource(path, labels));
  }
  for (const path of findSockets(criSockets, hostRoot).filter((each) => !known.has(each))) {
    const { CriSource } = await import('./cri/source.ts');
    sources.push(new CriSource(path, labels));
  }
  if (kubeletUrl !== '' && !known.has(kubeletUrl) && existsSync(kubeletTokenFile)) {
    const { KubeletSource } = await import('./kubelet.ts');
    sources.push(new KubeletSource({ url: kubeletUrl, tokenFile: kubeletTokenFile, caFile: kubeletCaFile }, labels));
  }
  return sources;
}
