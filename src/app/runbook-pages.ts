import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Beside the bundle, or where the sources have them. */
const FOLDERS = ['./runbooks/', '../../alerts/runbooks/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** In Markdown. The caller has checked that the name is one, and not a path. */
export async function readRunbook(name: string): Promise<string | undefined> {
  for (const folder of FOLDERS) {
    try {
      return await readFile(`${folder}${name}.md`, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}
