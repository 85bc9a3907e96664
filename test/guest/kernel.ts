import { execFile } from 'node:child_process';
import { access, cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { arch } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../.cache/guest', import.meta.url));

/** What the guest needs to see the host's root, in the order in which the kernel takes them. */
export const modules = [
  'virtio_ring',
  'virtio',
  'virtio_pci_modern_dev',
  'virtio_pci_legacy_dev',
  'virtio_pci',
  'virtio_console',
  'netfs',
  'fscache',
  '9pnet',
  '9pnet_virtio',
  '9p',
  'overlay',
] as const;

/** A kernel image and a folder of its modules. */
export interface Kernel {
  readonly image: string;
  readonly modules: string;
}

/** The guest cannot be had on this host; the message says what is missing and where it comes from. */
export class GuestUnavailable extends Error {}

/**
 * Debian's kernel, from Debian's own package: fetched once, kept in `.cache/guest`.
 *
 * Throws {@link GuestUnavailable} where apt does not know the package or cannot reach it.
 */
export async function debianKernel(): Promise<Kernel> {
  if (arch !== 'x64')
    throw new GuestUnavailable(`the guest runs the host's programs on an x86-64 kernel, and this host is ${arch}`);

  const kernel = { image: `${cache}/kernel/vmlinuz`, modules: `${cache}/kernel/modules` };
  const present = await access(kernel.image).then(
    () => true,
    () => false,
  );
  if (!present) await fetch();
  return kernel;
}

/** Two at once are harmless: each works in a folder of its own, and the rename of either will do. */
async function fetch(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(`${cache}/fetch-`);
  try {
    await unpack(await download(work), `${work}/package`);
    await keep(`${work}/package`, `${work}/kernel`);
    await rename(`${work}/kernel`, `${cache}/kernel`).catch(async (fault) => {
      await access(`${cache}/kernel/vmlinuz`).catch(() => Promise.reject(fault));
    });
  } finally {
    await rm(work, { recursive: true });
  }
}

async function download(folder: string): Promise<string> {
  try {
    await apt(folder);
  } catch {
    // Lists are absent on a fresh machine, and a list a month old names packages that the mirror has replaced.
    await run('apt-get', ['update', '--quiet=2']).catch(() => undefined);
    await apt(folder).catch((fault: Error) => {
      throw new GuestUnavailable(`cannot download Debian's kernel with apt-get: ${fault.message.trim()}`);
    });
  }
  const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (!file) throw new GuestUnavailable('apt-get download left no package behind');
  return `${folder}/${file}`;
}

/** The package `linux-image-amd64` is empty: the kernel is in the one that it depends on. */
async function apt(folder: string): Promise<void> {
  const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64']);
  const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
  if (!name)
    throw new GuestUnavailable('apt knows no linux-image-amd64: the guest needs the package sources of Debian');
  await run('apt-get', ['download', '--quiet=2', '-o', 'APT::Sandbox::User=root', name], { cwd: folder });
}

async function unpack(file: string, folder: string): Promise<void> {
  await run('dpkg-deb', ['--extract', file, folder]);
}

/** Of 400 MB of package we keep 10. */
async function keep(from: string, to: string): Promise<void> {
  await mkdir(`${to}/modules`, { recursive: true });
  const files = await readdir(from, { recursive: true });
  const image = files.find((file) => /^boot\/vmlinuz-/.test(file));
  if (!image) throw new GuestUnavailable("Debian's kernel package holds no boot/vmlinuz");
  for (const module of modules) {
    const file = files.find((name) => name.endsWith(`/${module}.ko`));
    if (!file) throw new GuestUnavailable(`Debian's kernel package holds no module ${module}`);
    await cp(`${from}/${file}`, `${to}/modules/${module}.ko`);
  }
  await cp(`${from}/${image}`, `${to}/vmlinuz`);
}
