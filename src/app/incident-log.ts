import type { Incident } from '../core/model/incident.ts';
import type { Instant } from '../core/model/units.ts';
import type { Taker } from './changes.ts';

/** More are no news but noise, and a disk that fills up. */
const LINES_MAX = 50;
const WINDOW_MS = 10_000;

/**
 * `opened fork-storm: bash (pid 8121) of cron.service, 212 {fork}/s against 50`; that it got worse is not for the log.
 *
 * Of a thousand at a time the first are written, then that more are not, and later how many there were.
 */
export function logTaker(log: { warn(message: string): void }): Taker {
  let windowAt: Instant = Number.NEGATIVE_INFINITY;
  let lines = 0;
  let left = 0;

  return ({ kind, at, incident }) => {
    if (kind === 'peaked') return;
    if (at - windowAt >= WINDOW_MS) {
      if (left > 0) log.warn(`${left} lines about incidents were not written: GET /incidents has them`);
      windowAt = at;
      lines = 0;
      left = 0;
    }
    if (lines++ < LINES_MAX) log.warn(`${kind} ${sentenceOf(incident)}`);
    else if (left++ === 0)
      log.warn(
        `more than ${LINES_MAX} incidents in ${WINDOW_MS / 1_000} s: the rest are not written here, GET /incidents has them`,
      );
  };
}

function sentenceOf({ detector, entity, culprit, value, threshold, unit }: Incident): string {
  const where = culprit.workload === undefined ? '' : ` of ${culprit.workload.name}`;
  return `${detector}: ${entity.name}${where}, ${Number(value.toPrecision(3))} ${unit} against ${threshold}`;
}
