import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { findCgroupMounts } from '../../src/kernel/mounts.ts';

/** What a container may take at most. */
export interface Limits {
  readonly memoryBytes?: number;
  readonly cpus?: number;
  readonly pids?: number;
}

const PERIOD_US = 100_000;
const { v1 } = findCgroupMounts('/proc');

/** Where controllers are v1's, Podman in its mount of v2 alone can't limit anybody: we do, below the same paths. */
export const isLimitedByUs: boolean = v1.memory !== undefined;

/** As Podman is told. */
export function optionsOf({ memoryBytes, cpus, pids }: Limits): string[] {
  return [
    ...(memoryBytes === undefined ? [] : ['--memory', String(memoryBytes), '--memory-swap', String(memoryBytes)]),
    ...(cpus === undefined ? [] : ['--cpus', String(cpus)]),
    ...(pids === undefined ? [] : ['--pids-limit', String(pids)]),
  ];
}

/** Limits whom `pid` begets by v1 groups with the path of its v2 group, as engines do on such hosts. Returns the groups. */
export function limit(pid: number, { memoryBytes, cpus, pids }: Limits): string[] {
  const path = /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];
  const groups = [
    { mount: v1.memory, file: 'memory.limit_in_bytes', value: memoryBytes },
    { mount: v1.cpu, file: 'cpu.cfs_quota_us', value: cpus && Math.round(cpus * PERIOD_US) },
    { mount: v1.pids, file: 'pids.max', value: pids },
  ].filter(({ value }) => value !== undefined);

  return groups.map(({ mount, file, value }) => {
    const folder = `${mount}${path}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/${file}`, String(value));
    writeFileSync(`${folder}/cgroup.procs`, String(pid));
    return folder;
  });
}

/** Removes a group that nobody lives in any more, and those above it that were made for it. */
export function removeGroup(folder: string): void {
  rmdirSync(folder);
  try {
    rmdirSync(folder.slice(0, folder.lastIndexOf('/')));
  } catch (error) {
    // Another container's group is in it.
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
  }
}
