import { trigger } from '../scenario.ts';

const LIMIT = 256;
const PER_SECOND = 10;

export default trigger({
  does: `With \`ulimit -n ${LIMIT}\`, a process opens ${PER_SECOND} files a second and closes none.`,
  expects: [{ detector: 'fd-exhaustion', culprit: 'the leader' }],
  isLight: true,
  async play(stage) {
    const load = await stage.load(stage.place(), ['files', PER_SECOND], ['prlimit', `--nofile=${LIMIT}`]);
    await stage.cause(load, async () => {
      const refused = await load.told('EMFILE');
      const toldAt = stage.firstBy('fd-exhaustion')?.seenAt ?? Number.NaN;
      const seconds = (refused.at - toldAt) / 1_000;
      stage.claim('told before the first EMFILE by', seconds, 's', seconds > 0);
    });
  },
});
