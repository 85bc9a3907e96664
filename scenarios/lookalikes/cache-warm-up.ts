import { lookalike } from '../scenario.ts';

const SECONDS = 720;
const LIMIT_MIB = 512;
const PLATEAU_MIB = 300;

export default lookalike({
  does: `A cache grows to ${PLATEAU_MIB} of ${LIMIT_MIB} MiB within two minutes, and stays.`,
  isLight: true,
  async play(stage) {
    const place = stage.place({ memoryBytes: LIMIT_MIB << 20 });
    const perSecond = Math.round((PLATEAU_MIB << 10) / 120);
    await stage.benign(await stage.load(place, ['leak', perSecond, PLATEAU_MIB]), SECONDS);
  },
});
