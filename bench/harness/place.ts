import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCgroupMounts } from '../../src/kernel/mounts.ts';
import { Cgroup } from '../../test/support/cgroup.ts';
import { isGuest } from '../../test/support/guest.ts';
import { until } from '../../test/support/until.ts';

/** What holds a cgroup back. */
export interface Limits {
  /** Of one CPU, in each period. */
  readonly quota?: number;
  /** Relative to 100. */
  readonly weight?: number;
  /** The cgroup runs only when nobody else wants to. */
  readonly isIdle?: boolean;
  readonly memoryBytes?: number;
  readonly pidsMax?: number;
}

const { unified, v1 } = findCgroupMounts('/proc');
/**
 * The kernel's own default. Between being throttled and leaving an emulated CPU that becomes idle lie 0.2 ms, as it looks
 * for others to run first: cpu.stat counts them, run delay does not. There they are few.
 */
const PERIOD_US = isGuest ? 1_000_000 : 100_000;

if (unified === undefined) throw new Error('no cgroup v2 is mounted');
delegate(unified);

/** A cgroup in each hierarchy that a role needs: identity in v2, limits where the controllers are. */
export class Place {
  readonly path: string;
  /** What the kernel calls it. */
  readonly id: number;
  readonly #cgroup: Cgroup;
  readonly #folders: { readonly v2: string; readonly cpu: string; readonly memory: string; readonly pids: string };
  readonly #entries: readonly string[];

  /** `isRealtime`: it stays where real-time tasks are allowed. */
  constructor(name: string, limits: Limits = {}, isRealtime = false) {
    const v2 = join(unified!, name);
    // One that a run before left behind has counted already.
    if (existsSync(v2)) rmdirSync(v2);
    this.#cgroup = new Cgroup(name);
    this.path = this.#cgroup.path;
    this.id = statSync(v2).ino;
    const cpu = isRealtime || v1.cpu === undefined ? v2 : join(v1.cpu, name);
    const memory = limits.memoryBytes === undefined || v1.memory === undefined ? v2 : join(v1.memory, name);
    const pids = limits.pidsMax === undefined || v1.pids === undefined ? v2 : join(v1.pids, name);
    this.#folders = { v2, cpu, memory, pids };
    this.#entries = [...new Set([v2, cpu, memory, pids])];
    for (const folder of this.#entries) mkdirSync(folder, { recursive: true });
    this.#limit(limits);
  }

  /** Whoever writes its pid to each of them is in it. */
  get doors(): readonly string[] {
    return this.#entries.map((folder) => join(folder, 'cgroup.procs'));
  }

  enter(pid: number): void {
    for (const door of this.doors) writeFileSync(door, String(pid));
  }

  /** Who lives in it, or is dead and not waited for. */
  pids(): number[] {
    const procs = readFileSync(join(this.#folders.v2, 'cgroup.procs'), 'utf8');
    return procs.split('\n').filter(Boolean).map(Number);
  }

  /** Kills all of it, however fast it forks. */
  kill(): void {
    writeFileSync(join(this.#folders.v2, 'cgroup.kill'), '1');
  }

  /** Lets children have limits of their own. */
  delegate(): void {
    delegate(this.#folders.v2);
  }

  /** CPU time of all that ever ran in it, on any CPU. */
  usedSeconds(): number {
    return this.#cgroup.usedSeconds();
  }

  throttledSeconds(): number {
    const file = join(this.#folders.cpu, 'cpu.stat');
    return v1.cpu === undefined ? field(file, 'throttled_usec') / 1e6 : field(file, 'throttled_time') / 1e9;
  }

  /** Wall time in which some task of it waited for a CPU, as PSI counts. NaN without PSI. */
  pressureSeconds(): number {
    const file = join(this.#folders.v2, 'cpu.pressure');
    if (!existsSync(file)) return Number.NaN;
    return Number(/^some.* total=(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]) / 1e6;
  }

  /** A dead task is in it until it is off its CPU, for which one of the idle class may have to wait. */
  async remove(): Promise<void> {
    for (const folder of this.#entries)
      if (folder !== this.#folders.v2)
        await until(() => isGone(() => rmdirSync(folder)), { what: `the end of ${folder}` });
    await until(() => isGone(() => this.#cgroup.remove()), { what: `the end of ${this.path}` });
  }

  #limit({ quota, weight, isIdle, memoryBytes, pidsMax }: Limits): void {
    const { cpu, memory, pids } = this.#folders;
    const isV1 = v1.cpu !== undefined;
    if (quota !== undefined && isV1) writeFileSync(join(cpu, 'cpu.cfs_quota_us'), String(quota * PERIOD_US));
    if (quota !== undefined && !isV1) writeFileSync(join(cpu, 'cpu.max'), `${quota * PERIOD_US} ${PERIOD_US}`);
    if (weight !== undefined && isV1) writeFileSync(join(cpu, 'cpu.shares'), String(Math.round(weight * 10.24)));
    if (weight !== undefined && !isV1) writeFileSync(join(cpu, 'cpu.weight'), String(weight));
    if (isIdle) writeFileSync(join(cpu, 'cpu.idle'), '1');
    if (pidsMax !== undefined) writeFileSync(join(pids, 'pids.max'), String(pidsMax));
    if (memoryBytes !== undefined) {
      const file = v1.memory === undefined ? 'memory.max' : 'memory.limit_in_bytes';
      writeFileSync(join(memory, file), String(memoryBytes));
    }
  }
}

function delegate(folder: string): void {
  const available = readFileSync(join(folder, 'cgroup.controllers'), 'utf8').split(/\s+/);
  const wanted = ['cpu', 'memory', 'io', 'pids'].filter((controller) => available.includes(controller));
  if (wanted.length > 0)
    writeFileSync(join(folder, 'cgroup.subtree_control'), wanted.map((name) => `+${name}`).join(' '));
}

function field(file: string, name: string): number {
  const line = readFileSync(file, 'utf8').match(new RegExp(`^${name} (\\d+)$`, 'm'));
  return Number(line?.[1] ?? Number.NaN);
}

function isGone(remove: () => void): boolean {
  try {
    remove();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}
