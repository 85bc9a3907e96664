import { existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { RESOURCES } from '../core/model/pressure.ts';
import { findCgroupMounts } from './mounts.ts';
import { codeOf, reasonOf } from './scratch.ts';

/** One thing that was tried on this host. */
export interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly seen: string;
  /** What to do about it. */
  readonly advice?: string;
}

export interface ChecksOptions {
  readonly roots: { readonly proc: string; readonly cgroup: string };
  readonly objectPath: string;
  readonly ringBytes: number;
}

/** Tries everything that Culprit needs from this host, probes included, and leaves nothing behind. Never throws. */
export async function checkHost(options: ChecksOptions): Promise<Check[]> {
  const { roots } = options;

  return [
    checkKernel(release()),
    checkBtf(),
    checkLockdown(),
    ...(await checkBpf(options)),
    checkCgroups(roots.proc, roots.cgroup),
    ...RESOURCES.map((resource) => checkPressure(roots.proc, resource)),
  ];
}

async function checkBpf(options: ChecksOptions): Promise<Check[]> {
  try {
    const { checkProbes } = await import('./bpf-checks.ts');
    return checkProbes(options);
  } catch (error) {
    return [
      { name: 'libbpf', status: 'fail', seen: reasonOf(error), advice: 'install koffi for this platform: npm ci' },
    ];
  }
}

/** Task storage, the youngest of what the probes use, came with 5.11; so did accounting by memory cgroup, which ended RLIMIT_MEMLOCK. */
function checkKernel(seen: string): Check {
  const [major = 0, minor = 0] = seen.split('.').map((part) => Number.parseInt(part, 10));
  const isOld = major < 5 || (major === 5 && minor < 11);

  return isOld
    ? { name: 'kernel', status: 'fail', seen, advice: 'probes need Linux 5.11 or later; mode procfs runs on any' }
    : { name: 'kernel', status: 'ok', seen };
}

function checkBtf(): Check {
  const path = '/sys/kernel/btf/vmlinux';

  return existsSync(path)
    ? { name: 'btf', status: 'ok', seen: path }
    : { name: 'btf', status: 'fail', seen: `no ${path}`, advice: 'use a kernel built with CONFIG_DEBUG_INFO_BTF=y' };
}

function checkLockdown(): Check {
  const mode = /\[(\w+)\]/.exec(textOf('/sys/kernel/security/lockdown'))?.[1] ?? 'none';

  return mode === 'confidentiality'
    ? { name: 'lockdown', status: 'fail', seen: mode, advice: 'boot with lockdown=integrity, or without' }
    : { name: 'lockdown', status: 'ok', seen: mode };
}

function checkCgroups(procRoot: string, cgroupRoot: string): Check {
  try {
    const { tree, v1, whole } = findCgroupMounts(procRoot, cgroupRoot);
    const controllers = Object.entries(v1).filter(([, path]) => path !== undefined);
    const hybrid = controllers.length > 0 ? `hybrid: ${controllers.map(([name]) => name).join(', ')} on v1` : 'v2';

    if (tree === undefined) {
      return {
        name: 'cgroups',
        status: 'warn',
        seen: 'no hierarchy',
        advice: 'mount -t cgroup2 cgroup2 /sys/fs/cgroup',
      };
    }
    const kind = tree.controller === undefined ? hybrid : `v1 alone, by its ${tree.controller}`;
    if (whole) return { name: 'cgroups', status: 'ok', seen: `${kind}, at ${tree.path}` };
    const advice =
      "share the host's cgroup namespace (--cgroupns=host), or mount the host's hierarchy and set roots.cgroup";
    return { name: 'cgroups', status: 'warn', seen: `only a part of the hierarchy is at ${tree.path}`, advice };
  } catch (error) {
    return {
      name: 'cgroups',
      status: 'fail',
      seen: reasonOf(error),
      advice: 'set roots.proc to where proc is mounted',
    };
  }
}

function checkPressure(procRoot: string, resource: string): Check {
  const name = `pressure ${resource}`;

  try {
    return { name, status: 'ok', seen: readFileSync(`${procRoot}/pressure/${resource}`, 'utf8').split('\n')[0] ?? '' };
  } catch (error) {
    const advice = resource === 'irq' ? 'only kernels with CONFIG_IRQ_TIME_ACCOUNTING tell it' : 'boot with psi=1';
    return { name, status: resource === 'irq' ? 'ok' : 'warn', seen: codeOf(error), advice };
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not for us: then there is no lockdown that we could tell.
    return '';
  }
}
