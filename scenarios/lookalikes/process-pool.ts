import { lookalike } from '../scenario.ts';

const WORKERS = 32;

export default lookalike({
  does: `A server starts a pool of ${WORKERS} processes at a stroke, which then wait for work.`,
  isQuick: true,
  isLight: true,
  async play(stage) {
    await stage.benign(await stage.load(stage.place(), ['tree', WORKERS, 1, 0]), 10);
  },
});
