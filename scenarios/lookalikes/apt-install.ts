import { lookalike } from '../scenario.ts';

const PACKAGES = ['hostname', 'debianutils', 'sed', 'grep', 'gzip', 'bsdutils'];

export default lookalike({
  does: '`apt-get install --reinstall` of six small packages.',
  needs: ['apt-get', 'dpkg'],
  async play(stage) {
    await stage.script(`DEBIAN_FRONTEND=noninteractive apt-get install --reinstall --yes ${PACKAGES.join(' ')}`);
  },
});
