import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { GuestUnavailable, type Kernel, modules } from './kernel.ts';

const run = promisify(execFile);
const busybox = '/bin/busybox';

/** Builds in `folder` the guest's first file system: busybox, the modules, our init and the command. Returns its path. */
export async function initramfs(kernel: Kernel, command: string, folder: string): Promise<string> {
  await requireStaticBusybox();
  const root = `${folder}/initramfs`;
  await mkdir(`${root}/bin`, { recursive: true });
  await mkdir(`${root}/modules`);
  await copyFile(busybox, `${root}/bin/busybox`);
  await copyFile(fileURLToPath(new URL('init', import.meta.url)), `${root}/init`);
  await chmod(`${root}/init`, 0o755);
  await writeFile(`${root}/command`, command);
  await writeFile(`${root}/modules/order`, `${modules.join('\n')}\n`);
  for (const module of modules) await copyFile(`${kernel.modules}/${module}.ko`, `${root}/modules/${module}.ko`);

  const archive = `${folder}/initramfs.cpio`;
  await run(busybox, ['sh', '-c', 'busybox find . | busybox cpio -o -H newc >"$0"', archive], { cwd: root });
  return archive;
}

/** A busybox that wants a dynamic loader would panic the guest's kernel: its first file system has none. */
async function requireStaticBusybox(): Promise<void> {
  const program = await readFile(busybox).catch(() => undefined);
  const wantsLoader = program?.subarray(0, 4_096).includes('ld-linux') ?? true;
  if (wantsLoader) throw new GuestUnavailable(`${busybox} is missing or not static: install busybox-static`);
}
