import { trigger } from '../scenario.ts';

export default trigger({
  does: 'Six processes start and reap eight children a second each, none of which lives for a second.',
  expects: [{ detector: 'short-lived-churn', culprit: 'the workload' }],
  isQuick: true,
  isLight: true,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['churn', 6, 8]));
  },
});
