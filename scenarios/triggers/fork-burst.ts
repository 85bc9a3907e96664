import { trigger } from '../scenario.ts';

/** Too slow for a storm at any time: 16 a second are below its floor. */
export default trigger({
  does: 'A process starts and reaps 16 children a second.',
  expects: [{ detector: 'fork-burst', culprit: 'the leader' }],
  isQuick: true,
  isLight: true,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['storm', 16]));
  },
});
