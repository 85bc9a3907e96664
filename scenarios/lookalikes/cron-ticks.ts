import { lookalike } from '../scenario.ts';

const TICKS = 30;

/** Each under a child of its own, as cron runs them; with nothing to do, a job may say so by failing. */
export default lookalike({
  does: `Every other second a job starts: a shell with a pipe of five programs, ${TICKS} times.`,
  isLight: true,
  async play(stage) {
    const job = "sh -c 'ls /etc | grep -v nothing | sort -r | head -n 5 | wc -l >/dev/null; test -e /not/there'";
    await stage.script(`i=0; while [ $i -lt ${TICKS} ]; do (${job}; :); sleep 2; i=$((i + 1)); done`);
  },
});
