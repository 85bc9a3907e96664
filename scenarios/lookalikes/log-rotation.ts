import { lookalike } from '../scenario.ts';

const ROTATIONS = 15;

export default lookalike({
  does: 'A log of 8 MiB is written, moved aside, compressed and begun anew, every two seconds.',
  needs: ['gzip'],
  async play(stage) {
    await stage.script(`
      set -e
      dir=$(mktemp -d)
      i=0
      while [ $i -lt ${ROTATIONS} ]; do
        head -c 6000000 /dev/urandom | base64 >"$dir/log"
        mv "$dir/log" "$dir/log.1"
        gzip -f "$dir/log.1"
        sleep 2
        i=$((i + 1))
      done
      rm -r "$dir"`);
  },
});
