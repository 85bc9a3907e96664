import { join } from 'node:path';
import { lookalike } from '../scenario.ts';

const SECONDS = 300;
const LIMIT_MIB = 512;
const CACHE = join(import.meta.dirname, '../../bench/leak/allocators/python.py');

/** It grows ever slower, as a cache does that is asked for things of which there are so many. */
export default lookalike({
  does: `A cache fills to a third of ${LIMIT_MIB} MiB, and stays, for ${SECONDS / 60} minutes.`,
  needs: ['python3', 'timeout'],
  isLight: true,
  async play(stage) {
    const place = stage.place({ memoryBytes: LIMIT_MIB << 20 });
    await stage.script(`timeout ${SECONDS} python3 ${CACHE} cache || [ $? -eq 124 ]`, place);
  },
});
