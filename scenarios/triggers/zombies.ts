import { trigger } from '../scenario.ts';

export default trigger({
  does: 'A process starts 30 children, which end, and never waits for them.',
  expects: [{ detector: 'zombies', culprit: 'the leader' }],
  isLight: true,
  patienceSeconds: 90,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['zombies', 30]));
  },
});
