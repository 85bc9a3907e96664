import { join } from 'node:path';
import { lookalike } from '../scenario.ts';

const SECONDS = 300;
const ALLOCATOR = join(import.meta.dirname, '../../bench/leak/allocators/node.ts');

export default lookalike({
  does: `A heap of Node fills with garbage and is collected, again and again, for ${SECONDS / 60} minutes.`,
  isLight: true,
  async play(stage) {
    const place = stage.place({ memoryBytes: 256 << 20 });
    await stage.script(`timeout ${SECONDS} ${process.execPath} ${ALLOCATOR} garbage || [ $? -eq 124 ]`, place);
  },
});
