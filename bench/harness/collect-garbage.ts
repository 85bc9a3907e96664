import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** Of this process, after a full collection; bytes. */
export function memoryAfterCollection(): NodeJS.MemoryUsage {
  // What the first one finalizes, the second one frees.
  gc();
  gc();
  return process.memoryUsage();
}
