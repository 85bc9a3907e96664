import { trigger } from '../scenario.ts';

const PAUSE_SECONDS = 1;

export default trigger({
  does: 'A script runs `cat` on a file that is not there, once a second, until it will be.',
  expects: [{ detector: 'exec-loop', culprit: 'the leader' }],
  isLight: true,
  async play(stage) {
    await stage.shell(`until cat /not/there 2>/dev/null; do sleep ${PAUSE_SECONDS}; done`);
  },
});
