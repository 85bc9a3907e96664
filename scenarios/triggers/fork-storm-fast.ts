import { trigger } from '../scenario.ts';

export default trigger({
  does: 'A process starts and reaps 1,000 children a second.',
  expects: [{ detector: 'fork-storm', culprit: 'the leader', withinSeconds: 0.3 }],
  also: ['fork-burst', 'short-lived-churn'],
  isQuick: true,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['storm', 1_000]));
  },
});
