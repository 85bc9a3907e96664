import { lookalike } from '../scenario.ts';

const THREADS = 200;

export default lookalike({
  does: `A process starts ${THREADS} threads at a stroke, which then wait for work.`,
  isQuick: true,
  isLight: true,
  async play(stage) {
    await stage.benign(await stage.load(stage.place(), ['pool', THREADS]), 10);
  },
});
