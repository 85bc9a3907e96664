import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';
import { lookalike } from '../scenario.ts';

const ROOT = join(import.meta.dirname, '../..');

export default lookalike({
  does: '`npm ci` of this project.',
  needs: ['npm'],
  async play(stage) {
    const folder = join(scratch, 'npm-ci');
    mkdirSync(folder);
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(ROOT, file), join(folder, file));
    await stage.script(`cd ${folder} && npm ci --no-audit --no-fund --prefer-offline`);
  },
});
