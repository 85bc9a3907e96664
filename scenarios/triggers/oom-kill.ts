import { trigger } from '../scenario.ts';

const LIMIT_MIB = 64;

/** Over in two seconds, which is no time for a forecast. */
export default trigger({
  does: `A process takes 32 MiB a second in a cgroup of at most ${LIMIT_MIB} MiB, and is killed.`,
  expects: [{ detector: 'oom-kill', culprit: 'the leader' }],
  isLight: true,
  async play(stage) {
    const place = stage.place({ memoryBytes: LIMIT_MIB << 20 });
    await stage.cause(await stage.load(place, ['leak', 32 << 10, 2 * LIMIT_MIB]));
  },
});
