import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';

const APPLETS = ['sh', 'mkfifo', 'sleep', 'usleep', 'tail'];
const ARCHITECTURE: Readonly<Record<string, string>> = { x64: 'amd64' };

/** Makes a root of one program in a folder that is not there yet. */
export function busyboxRoot(folder: string): void {
  mkdirSync(`${folder}/bin`, { recursive: true });
  cpSync('/bin/busybox', `${folder}/bin/busybox`);
  for (const applet of APPLETS) symlinkSync('busybox', `${folder}/bin/${applet}`);
}

/**
 * Writes what `docker save` would write of an image of that root, and returns the image's id. Run without a command it sleeps, so
 * that it holds a pod's namespaces, too.
 */
export function saveImage(root: string, name: string, file: string): string {
  const folder = `${file}.parts`;
  mkdirSync(folder);
  execFileSync('tar', ['-C', root, '-cf', `${folder}/layer.tar`, '.']);
  const config = JSON.stringify({
    architecture: ARCHITECTURE[process.arch] ?? process.arch,
    os: 'linux',
    config: { Env: ['PATH=/bin'], Cmd: ['sleep', '1000000'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest(readFileSync(`${folder}/layer.tar`))}`] },
  });
  writeFileSync(`${folder}/config.json`, config);
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
  writeFileSync(`${folder}/manifest.json`, JSON.stringify(manifest));
  execFileSync('tar', ['-C', folder, '-cf', file, 'manifest.json', 'config.json', 'layer.tar']);
  return `sha256:${digest(config)}`;
}

function digest(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
