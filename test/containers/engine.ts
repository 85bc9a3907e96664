import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { Child } from '../support/child.ts';
import { requirement } from '../support/require.ts';
import { until } from '../support/until.ts';
import { busyboxRoot } from './busybox.ts';
import { isLimitedByUs, type Limits, limit, optionsOf, removeGroup } from './limits.ts';

const run = promisify(execFile);
/** The host has its controllers in v1, which runc would want below a mount of its own; in a mount namespace there is v2 alone. */
const V2_ALONE = [
  'unshare',
  '--mount',
  'sh',
  '-c',
  'umount -R /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup; exec "$@"',
  'sh',
] as const;
export const IMAGE = 'localhost/busybox:1';

/** Why they can't be had, for `skip`; with `CULPRIT_REQUIRE_CONTAINERS=1` that is an error. */
export function containersUnavailable(): false | string {
  const reason = requirement('bpf', 'podman', 'runc', 'busybox');
  if (reason !== false && process.env.CULPRIT_REQUIRE_CONTAINERS === '1')
    throw new Error(`CULPRIT_REQUIRE_CONTAINERS is set, but ${reason}`);
  return reason;
}

/** Podman with storage of its own, and one image of busybox. */
export class Podman {
  readonly folder: string = mkdtempSync(`${tmpdir()}/culprit-podman-`);
  readonly socket: string = `${this.folder}/podman.sock`;
  readonly #groups: string[] = [];
  #service: Child | undefined;

  static async create(): Promise<Podman> {
    const podman = new Podman();
    podman.#configure();
    await podman.#import();
    return podman;
  }

  /** Runs one command of it, to its end. Rejects when that fails. */
  async do(...args: readonly string[]): Promise<string> {
    const [program, ...rest] = this.command(args);
    const { stdout } = await run(program, rest, { env: this.env(), timeout: 120_000 });
    return stdout.trim();
  }

  /** Starts a container, and does not wait for its end. Resolves with its id. */
  start(name: string, script: string, ...options: readonly string[]): Promise<string> {
    return this.do('run', '--detach', '--name', name, ...ALONE, ...options, IMAGE, 'sh', '-c', script);
  }

  /** The same, within limits from its first instruction on. */
  async startLimited(name: string, limits: Limits, script: string): Promise<void> {
    if (!isLimitedByUs) return void (await this.start(name, script, ...optionsOf(limits)));

    await this.do('create', '--name', name, ...ALONE, IMAGE, 'sh', '-c', script);
    await this.do('init', name);
    const pid = await this.do('inspect', '--format', '{{.State.Pid}}', name);
    this.#groups.push(...limit(Number(pid), limits));
    await this.do('start', name);
  }

  /** Runs a container to its end, and removes it. */
  async once(name: string, script: string): Promise<void> {
    await this.do('run', '--rm', '--name', name, ...ALONE, IMAGE, 'sh', '-c', script);
  }

  async serve(): Promise<void> {
    const [program, ...rest] = this.command(['system', 'service', '--time', '0', `unix://${this.socket}`]);
    this.#service = new Child(program, rest, { env: this.env() });
    await until(() => this.#answers(), { what: 'an answer of podman system service' });
  }

  async stopServing(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
    rmSync(this.socket, { force: true });
  }

  async close(): Promise<void> {
    await this.do('rm', '--all', '--force', '--time', '0').catch(() => '');
    await this.stopServing();
    for (const group of this.#groups) removeGroup(group);
    // Who watched over a container may still be writing that it is gone.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** A command line that does the same, in `env()`. */
  command(args: readonly string[]): [string, ...string[]] {
    const { folder } = this;
    const storage = [
      '--root',
      `${folder}/root`,
      '--runroot',
      `${folder}/run`,
      '--storage-driver',
      'vfs',
      '--tmpdir',
      `${folder}/tmp`,
    ];
    const podman = ['podman', ...storage, '--runtime', 'runc', '--events-backend', 'file', ...args] as const;
    return isLimitedByUs ? [...V2_ALONE, ...podman] : [...podman];
  }

  env(): NodeJS.ProcessEnv {
    return { ...process.env, CONTAINERS_CONF: `${this.folder}/containers.conf` };
  }

  async #answers(): Promise<boolean> {
    const { request, Agent } = await import('undici');
    const dispatcher = new Agent({ connect: { socketPath: this.socket } });
    try {
      return (await request('http://localhost/_ping', { dispatcher })).statusCode === 200;
    } catch {
      return false; // not listening yet
    } finally {
      await dispatcher.destroy();
    }
  }

  /** We have no right to raise limits, and no systemd to ask for cgroups. */
  #configure(): void {
    writeFileSync(
      `${this.folder}/containers.conf`,
      '[containers]\ndefault_ulimits = []\n[engine]\ncgroup_manager = "cgroupfs"\n',
    );
  }

  async #import(): Promise<void> {
    const rootfs = `${this.folder}/rootfs`;
    busyboxRoot(rootfs);
    await run('tar', ['-C', rootfs, '-cf', `${this.folder}/image.tar`, '.']);
    await this.do('import', `${this.folder}/image.tar`, IMAGE);
  }
}

const ALONE = ['--network', 'none', '--ulimit', 'host', '--pids-limit', '-1', '--pull', 'never', '--stop-timeout', '0'];
