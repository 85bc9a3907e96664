import { trigger } from '../scenario.ts';

const PIDS_MAX = 256;

/** The limit of pids holds it, as it should; it stays full of processes that go on trying. */
export default trigger({
  does: `Each child forks as its parent does, in a cgroup of at most ${PIDS_MAX} pids.`,
  expects: [{ detector: 'fork-bomb', culprit: 'the leader' }],
  also: ['pid-exhaustion'],
  isQuick: true,
  async play(stage) {
    await stage.cause(await stage.load(stage.place({ pidsMax: PIDS_MAX }), ['bomb']));
  },
});
