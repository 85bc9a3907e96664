import { trigger } from '../scenario.ts';

const WORKERS = 10;
const CHILDREN = 700;

/** No worker forks more than once a second, so that only the tree as a whole is remarkable. */
export default trigger({
  does: `${WORKERS} workers start a child a second each, and none of them ever ends.`,
  expects: [{ detector: 'runaway-tree', culprit: 'the leader' }],
  isLight: true,
  patienceSeconds: 90,
  async play(stage) {
    await stage.cause(await stage.load(stage.place(), ['tree', WORKERS, 1, CHILDREN]));
  },
});
