import { readFileSync, statSync } from 'node:fs';
import { isRefused } from './scratch.ts';

/** In this order: systemd gives each unit a directory for the first two, engines each container one in all. */
const TREE_CONTROLLERS = ['pids', 'memory', 'cpu'] as const;

export type TreeController = (typeof TREE_CONTROLLERS)[number];

/** The hierarchy whose directories are the workloads. */
export interface CgroupTree {
  readonly path: string;
  /** Whose v1 hierarchy it is; undefined for v2. */
  readonly controller: TreeController | undefined;
  /** How the line of `/proc/PID/cgroup` begins that tells of it: `0::` for v2, else `8:pids:` or the like. */
  readonly prefix: string;
}

/** Where the cgroup hierarchies are. A path is undefined when that hierarchy is not mounted. */
export interface CgroupMounts {
  /** The v2 hierarchy: `/sys/fs/cgroup`, or `/sys/fs/cgroup/unified` beside v1 controllers. */
  readonly unified: string | undefined;
  /** v2, or where that is not mounted, one of v1. */
  readonly tree: CgroupTree | undefined;
  /** False when the mount shows only a part of the hierarchy, as in a container with its own cgroup namespace. */
  readonly whole: boolean;
  /** The mount of that part, while `unified` is another: what `/proc` tells of a process is a path from there. */
  readonly ownPart: string | undefined;
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
 * The last mount of a hierarchy wins, as it hides those before it; but in a cgroup namespace of its own one shows a part as if it
 * were the whole, and then the host's, which containers that watch a host have somewhere, is better.
 */
export function findCgroupMounts(procRoot: string, cgroupRoot = ''): CgroupMounts {
  const lines = readFileSync(`${procRoot}/self/mountinfo`, 'latin1').split('\n');
  const parsed = lines.map(parseMount).filter((mount) => mount !== undefined);
  const mounts = parsed.filter(({ type, path }) => (type === 'cgroup' || type === 'cgroup2') && isInReach(path));
  const v1 = (controller: string) =>
    mounts.findLast(({ type, options }) => type === 'cgroup' && options.includes(controller))?.path;
  const v2 = mounts.filter(({ type }) => type === 'cgroup2');
  // One that lies below another mount is there no more.
  const found = (v2.findLast(({ path }) => isWhole(path) && has(path, 'cgroup.procs')) ?? v2.at(-1))?.path;
  const unified = cgroupRoot === '' ? found : cgroupRoot;
  const byController = {
    cpu: v1('cpu'),
    cpuacct: v1('cpuacct'),
    memory: v1('memory'),
    pids: v1('pids'),
    io: v1('blkio'),
  };

  if (unified === undefined) {
    const tree = findV1Tree(procRoot, byController);
    const whole = tree !== undefined && has(tree.path, V1_ROOT_FILE);
    return { unified, tree, whole, ownPart: undefined, v1: byController };
  }
  const whole = isWhole(unified);
  return {
    unified,
    tree: v2At(unified),
    whole,
    ownPart: whole ? v2.findLast(({ root, path }) => root === '/' && !isWhole(path))?.path : undefined,
    v1: byController,
  };
}

export function v2At(path: string): CgroupTree {
  return { path, controller: undefined, prefix: '0::' };
}

/** Of a v1 hierarchy only the root has it (`CFTYPE_ONLY_ON_ROOT` in kernel/cgroup/cgroup-v1.c). */
const V1_ROOT_FILE = 'cgroup.sane_behavior';

function findV1Tree(procRoot: string, v1: CgroupMounts['v1']): CgroupTree | undefined {
  const controller = TREE_CONTROLLERS.find((name) => v1[name] !== undefined);
  if (controller === undefined) return undefined;
  const lines = readFileSync(`${procRoot}/self/cgroup`, 'latin1').split('\n');
  const prefixes = lines.map((line) => /^\d+:[^:]*:/.exec(line)?.[0]);
  const prefix = prefixes.find((each) => each?.split(/[:,]/).includes(controller));
  return prefix === undefined ? undefined : { path: v1[controller]!, controller, prefix };
}

/** Each cgroup but the root has this file (Documentation/admin-guide/cgroup-v2.rst), whatever the namespace calls it. */
function isWhole(mount: string): boolean {
  return !has(mount, 'cgroup.events');
}

/** Others may have mounted one in a folder of theirs, into which we may not look. */
function isInReach(mount: string): boolean {
  try {
    has(mount, 'cgroup.procs');
    return true;
  } catch (error) {
    if (!isRefused(error)) throw error;
    return false;
  }
}

function has(mount: string, file: string): boolean {
  return statSync(`${mount}/${file}`, { throwIfNoEntry: false }) !== undefined;
}

interface Mount {
  /** Of what is mounted, as our cgroup namespace has it: `/` is where that begins. */
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
