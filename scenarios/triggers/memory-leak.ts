import { trigger } from '../scenario.ts';

const LIMIT_MIB = 512;
const KIB_PER_SECOND = 2_048;

export default trigger({
  does: `A process takes ${KIB_PER_SECOND} KiB a second and gives nothing back, in a cgroup of at most ${LIMIT_MIB} MiB.`,
  expects: [{ detector: 'memory-leak', culprit: 'the leader' }],
  also: ['oom-risk'],
  isLight: true,
  patienceSeconds: 240,
  async play(stage) {
    const load = await stage.load(stage.place({ memoryBytes: LIMIT_MIB << 20 }), ['leak', KIB_PER_SECOND, LIMIT_MIB]);
    await stage.cause(load, async () => {
      const seconds = ((stage.firstBy('memory-leak')?.seenAt ?? Number.NaN) - stage.beganAt) / 1_000;
      const gone = (seconds * KIB_PER_SECOND) / 1_024 / LIMIT_MIB;
      stage.claim('of the head-room was gone when it was told', 100 * gone, '%', gone < 0.5);
    });
  },
});
