import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: NonNullable<typeof globalThis.gc> = runInNewContext('gc');

/**
 * Of this process, after a full collection; bytes. The last resort also gives back the pages that V8 keeps for 8 s after
 * it freed them, up to 12 MB.
 */
export function memoryAfterCollection(): NodeJS.MemoryUsage {
  // What the first one finalizes, the second one frees.
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  return process.memoryUsage();
}
