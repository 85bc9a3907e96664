import { readFileSync } from 'node:fs';

/** Where the cgroup hierarchies are. A path is undefined when that hierarchy is not mounted. */
export interface CgroupMounts {
  /** The v2 hierarchy: `/sys/fs/cgroup`, or `/sys/fs/cgroup/unified` beside v1 controllers. */
  readonly unified: string | undefined;
  /** False when the mount shows only a part of the hierarchy, as in a container with its own cgroup namespace. */
  readonly whole: boolean;
  readonly v1: {
    readonly cpu: string | undefined;
    readonly cpuacct: string | undefined;
    readonly memory: string | undefined;
    readonly pids: string | undefined;
    readonly io: string | undefined;
  };
}

/**
 * Reads `/proc/self/mountinfo`; `cgroupRoot`, when not empty, replaces where v2 is.
 *
 * The last mount of a hierarchy wins, as it hides those before it.
 */
export function findCgroupMounts(procRoot: string, cgroupRoot = ''): CgroupMounts {
  const mounts = readFileSync(`${procRoot}/self/mountinfo`, 'latin1').split('\n').map(parseMount);
  const last = (fits: (mount: Mount) => boolean) => mounts.findLast((mount) => mount !== undefined && fits(mount));
  const v1 = (controller: string) =>
    last(({ type, options }) => type === 'cgroup' && options.includes(controller))?.path;
  const v2 = last(({ type }) => type === 'cgroup2');

  return {
    unified: cgroupRoot === '' ? v2?.path : cgroupRoot,
    whole: cgroupRoot !== '' || v2?.root === '/',
    v1: { cpu: v1('cpu'), cpuacct: v1('cpuacct'), memory: v1('memory'), pids: v1('pids'), io: v1('blkio') },
  };
}

interface Mount {
  readonly root: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** `36 35 98:0 /root /path rw,noatime optional… - type source options`, proc_pid_mountinfo(5). */
function parseMount(line: string): Mount | undefined {
  const [left, right] = line.split(' - ');
  const [, , , root, path] = (left ?? '').split(' ');
  const [type, , options] = (right ?? '').split(' ');

  if (root === undefined || path === undefined || type === undefined) return undefined;
  return { root: unescapeOctal(root), path: unescapeOctal(path), type, options: (options ?? '').split(',') };
}

/** Blank, tab, newline and backslash come as octal; latin1 kept every other byte as it was. */
function unescapeOctal(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

  return Buffer.from(bytes, 'latin1').toString('utf8');
}
