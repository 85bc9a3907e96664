import { readFileSync } from 'node:fs';
import { arch, availableParallelism, hostname, release } from 'node:os';

/** What does not change while the host is up; empty strings for what it does not tell. */
export interface HostIdentity {
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
  readonly kernelRelease: string;
  /** As Node says it: `x64`, `arm64`. */
  readonly arch: string;
  readonly cpus: number;
  /** From os-release(5). */
  readonly os: { readonly id: string; readonly version: string; readonly prettyName: string };
}

/** `hostRoot` is where the host's `/` is mounted when we run in a container; empty when it is ours. */
export function identifyHost(procRoot: string, hostRoot: string): HostIdentity {
  const first = (...paths: string[]) => paths.map(textOf).find((text) => text !== '') ?? '';
  const described = keysOf(first(`${hostRoot}/etc/os-release`, `${hostRoot}/usr/lib/os-release`));

  return {
    hostname: (hostRoot === '' ? '' : textOf(`${hostRoot}/etc/hostname`)) || hostname(),
    machineId: first(`${hostRoot}/etc/machine-id`, `${hostRoot}/var/lib/dbus/machine-id`),
    bootId: textOf(`${procRoot}/sys/kernel/random/boot_id`),
    kernelRelease: release(),
    arch: arch(),
    cpus: availableParallelism(),
    os: {
      id: described.get('ID') ?? '',
      version: described.get('VERSION_ID') ?? '',
      prettyName: described.get('PRETTY_NAME') ?? '',
    },
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // Absent is an answer: the caller gets the empty string that stands for it.
    return '';
  }
}

function keysOf(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/gm);

  return new Map(Array.from(lines, ([, key = '', double, single, bare]) => [key, double ?? single ?? bare ?? '']));
}
