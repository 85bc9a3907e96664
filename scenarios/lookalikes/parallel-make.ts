import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookalike } from '../scenario.ts';
import { sourceOf } from '../stage/debian.ts';

const COMPILER_RUNS_MIN = 500;
/** Counts its runs by a letter each, then is the compiler. */
const COUNTING = '#!/bin/sh\nprintf . >>"$RUNS"\nexec gcc "$@"\n';

export default lookalike({
  does: `\`make -j2\` of busybox, of more than ${COMPILER_RUNS_MIN} compiler runs.`,
  needs: ['apt-get', 'dpkg-source', 'gcc', 'make'],
  async play(stage) {
    const folder = sourceOf('busybox');
    await stage.script(`
      set -e
      cd ${folder}
      printf '%s' '${COUNTING}' >counting-gcc; chmod +x counting-gcc
      export RUNS=$PWD/runs
      make defconfig >/dev/null
      make -j2 CC=$PWD/counting-gcc`);
    const { length } = readFileSync(join(folder, 'runs'));
    stage.claim('compiler runs', length, '', length >= COMPILER_RUNS_MIN);
  },
});
