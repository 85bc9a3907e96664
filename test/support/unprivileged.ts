import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch } from './scratch.ts';

const ROOT = join(import.meta.dirname, '../..');
const SETPRIV = ['--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];
/** What the bundle needs beside itself. */
const PACKAGES = ['node', 'koffi', '@koromix'];

let installed: string | undefined;

/** The bundle run by nobody, without any capability: the words to put before its arguments. */
export function asNobody(): readonly [string, ...string[]] {
  installed ??= isReadable(ROOT) ? ROOT : install(join(scratch, 'installed'));
  return ['setpriv', ...SETPRIV, join(installed, 'dist/culprit')];
}

/** A clone in a private home is out of nobody's reach. */
function isReadable(root: string): boolean {
  return spawnSync('setpriv', [...SETPRIV, 'test', '-r', join(root, 'dist/culprit.mjs')]).status === 0;
}

function install(folder: string): string {
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const name of PACKAGES) {
    const to = join(folder, 'node_modules', name);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(fileURLToPath(new URL(`node_modules/${name}`, `file://${ROOT}/`)), to, {
      recursive: true,
      dereference: true,
    });
  }
  return folder;
}
