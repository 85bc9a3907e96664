import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { requirement } from '../support/require.ts';
import { until } from '../support/until.ts';
import { busyboxRoot, saveImage } from './busybox.ts';
import { type Inside, Namespaces } from './namespaces.ts';
import { Runtime } from './runtime.ts';

const run = promisify(execFile);
export const IMAGE = 'docker.io/culprit/busybox:1';

/** Why it can't be had, for `skip`; with `CULPRIT_REQUIRE_CONTAINERD=1` that is an error. */
export function containerdUnavailable(): false | string {
  const reason = requirement('bpf', 'containerd', 'ctr', 'runc', 'busybox', 'unshare', 'nsenter', 'setpriv');
  if (reason !== false && process.env.CULPRIT_REQUIRE_CONTAINERD === '1')
    throw new Error(`CULPRIT_REQUIRE_CONTAINERD is set, but ${reason}`);
  return reason;
}

/** containerd with folders, a socket and namespaces of its own, and one image of busybox. */
export class Containerd {
  readonly folder: string;
  readonly socket: string;
  readonly runtime: Runtime;
  /** As a kubelet names an image, once it has it. */
  readonly imageId: string;
  readonly #namespaces: Namespaces;
  #server: Inside | undefined;

  private constructor(folder: string, imageId: string, namespaces: Namespaces) {
    this.folder = folder;
    this.socket = `${folder}/containerd.sock`;
    this.runtime = new Runtime(this.socket);
    this.imageId = imageId;
    this.#namespaces = namespaces;
  }

  static async create(): Promise<Containerd> {
    const folder = mkdtempSync(`${tmpdir()}/culprit-containerd-`);
    busyboxRoot(`${folder}/rootfs`);
    const imageId = saveImage(`${folder}/rootfs`, IMAGE, `${folder}/image.tar`);
    const containerd = new Containerd(folder, imageId, await Namespaces.create());
    try {
      containerd.#configure();
      await containerd.serve();
      await containerd.#ctr('--namespace', 'k8s.io', 'images', 'import', `${folder}/image.tar`);
    } catch (error) {
      await containerd.close(); // what lives in there would keep the test's process alive
      throw error;
    }
    return containerd;
  }

  async serve(): Promise<void> {
    this.#server = await this.#namespaces.start('containerd', ['--config', `${this.folder}/config.toml`]);
    await until(() => this.#answers(), { what: 'an answer of containerd' });
  }

  /** Its containers live on. */
  async stopServing(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async close(): Promise<void> {
    await this.stopServing();
    this.runtime.close();
    await this.#namespaces.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #answers(): Promise<boolean> {
    return this.runtime.call('ListContainers', {}).then(
      () => true,
      () => false, // not listening yet, or not initialized
    );
  }

  async #ctr(...args: readonly string[]): Promise<void> {
    await run('ctr', ['--address', this.socket, ...args], { timeout: 60_000 });
  }

  /** We have no right to make a process less likely to be killed, and no profile of AppArmor. */
  #configure(): void {
    const { folder, socket } = this;
    const lines = [
      'version = 2',
      `root = "${folder}/root"`,
      `state = "${folder}/state"`,
      '[grpc]',
      `address = "${socket}"`,
      '[plugins."io.containerd.internal.v1.opt"]',
      `path = "${folder}/opt"`,
      '[plugins."io.containerd.grpc.v1.cri"]',
      `sandbox_image = "${IMAGE}"`,
      'restrict_oom_score_adj = true',
      'disable_apparmor = true',
      '[plugins."io.containerd.grpc.v1.cri".containerd]',
      'snapshotter = "native"',
    ];
    writeFileSync(`${folder}/config.toml`, `${lines.join('\n')}\n`);
  }
}
