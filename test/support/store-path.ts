import { join } from 'node:path';
import { scratch } from './scratch.ts';

let paths = 0;

/** Of a store that is not there yet, in a folder that is not either. */
export function pathOf(): string {
  return join(scratch, `store-${++paths}`, 'culprit.db');
}
