import { trigger } from '../scenario.ts';

const LIMIT_MIB = 512;
const KIB_PER_SECOND = 4_096;

export default trigger({
  does: `A process takes ${KIB_PER_SECOND >> 10} MiB a second, in a cgroup of at most ${LIMIT_MIB} MiB.`,
  expects: [{ detector: 'oom-risk', culprit: 'the leader' }],
  also: ['memory-leak'],
  isLight: true,
  patienceSeconds: 180,
  async play(stage) {
    const place = stage.place({ memoryBytes: LIMIT_MIB << 20 });
    await stage.cause(await stage.load(place, ['leak', KIB_PER_SECOND, LIMIT_MIB]));
  },
});
