import { trigger } from '../scenario.ts';

const QUOTA = 0.05;

export default trigger({
  does: `An endless loop with a quota of ${QUOTA * 100} % of a CPU.`,
  expects: [{ detector: 'cpu-throttled', culprit: 'the workload' }],
  // The kernel's own measure of pressure counts who waits for a quota as waiting for a CPU.
  also: ['pressure'],
  isLight: true,
  patienceSeconds: 90,
  async play(stage) {
    await stage.cause(await stage.load(stage.place({ quota: QUOTA }), ['spin', 1, 1_000, 0]));
  },
});
