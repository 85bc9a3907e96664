import { trigger } from '../scenario.ts';

const PIDS_MAX = 100;

export default trigger({
  does: `A pool of 90 workers, each started after half a second, in a cgroup of at most ${PIDS_MAX} pids.`,
  expects: [{ detector: 'pid-exhaustion', culprit: 'the leader' }],
  isLight: true,
  async play(stage) {
    await stage.cause(await stage.load(stage.place({ pidsMax: PIDS_MAX }), ['tree', 2, 1, 90]));
  },
});
