import { trigger } from '../scenario.ts';

/** Just so fast that people notice: a loop in a script that starts a program for each line of a file. */
export default trigger({
  does: 'A process starts and reaps 200 children a second.',
  expects: [{ detector: 'fork-storm', culprit: 'the leader', withinSeconds: 0.7 }],
  also: ['fork-burst', 'short-lived-churn'],
  isQuick: true,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['storm', 200]));
  },
});
