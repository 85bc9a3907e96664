import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../test/support/scratch.ts';
import { trigger } from '../scenario.ts';
import { troublePath } from '../stage/stage.ts';

/** Under a name of its own: a group is what a file is called. */
const SERVICE = 'crashing-service';

/** As a supervisor without a back-off does it. */
export default trigger({
  does: 'A service dies by a segmentation fault whenever it is started, and is started again after a second.',
  expects: [{ detector: 'crash-loop', culprit: { exe: SERVICE } }],
  also: ['exec-loop'],
  isLight: true,
  async play(stage) {
    linkSync(troublePath(), join(scratch, SERVICE));
    await stage.shell(`while :; do ./${SERVICE} crash; sleep 1; done`);
  },
});
