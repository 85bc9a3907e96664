import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess } from './entities.ts';

/** Below this share of its limit nobody is watched. */
const WATCHED_RATIO = 0.1;
/** A forecast needs a course: what it had at two marks so far apart, and at one now that is so much later. */
const MARK_MS = 30_000;
const LATE_MS = 10_000;

interface Mark {
  readonly at: Instant;
  readonly fds: number;
}

interface Course {
  readonly startedNs: number;
  earlier: Mark | undefined;
  later: Mark;
  /** Gained, as last known. */
  perSecond: number;
}

/**
 * Open files gained a second, by the slower of two measures: a pool that has filled up gains nothing any more. Just after a
 * mark it is what it was.
 */
function growth({ earlier, later, perSecond }: Course, fds: number, now: Instant): number {
  if (earlier === undefined || now - later.at < LATE_MS) return perSecond;
  const since = (mark: Mark): number => ((fds - mark.fds) * 1_000) / (now - mark.at);
  return Math.max(0, Math.min(since(earlier), since(later)));
}

/** A process about to reach its limit of open files: from then on each `open` and `accept` fails. */
export default detector({
  id: 'fd-exhaustion',
  title: 'Open files run out',
  severity: 'warning',

  options: {
    openRatio: option(0.8, 'Open files, as a share of the soft limit.'),
    forecastSeconds: option(600, 'Or the limit will be reached within so long, at the rate of now.'),
  },

  runbook: {
    meaning: 'A process has nearly as many files, sockets and pipes open as it may, or soon will.',
    impact:
      'At the limit it can neither accept connections nor open its own logs (EMFILE), and mostly fails in odd ways.',
    diagnosis:
      "Look at what is open: `ls -l /proc/PID/fd | awk '{print $NF}' | sort | uniq -c | sort -n`. A leak is many of a kind.",
    mitigation: 'Restart it to win time. Close what leaks; if all of it is needed, raise `LimitNOFILE=`.',
  },

  watch({ openRatio, forecastSeconds }, { accounts }) {
    const courses = new Map<Process, Course>();

    return {
      on: {
        'process-sample'({ at, startedNs, fds, fdLimit }, process) {
          // NaN and no limit at all are below it too.
          if (!(fds >= WATCHED_RATIO * fdLimit)) return;
          if (process === undefined) return;
          const course = courses.get(process);
          if (course === undefined || course.startedNs !== startedNs)
            courses.set(process, { startedNs, earlier: undefined, later: { at, fds }, perSecond: 0 });
          else if (at - course.later.at >= MARK_MS) {
            course.earlier = course.later;
            course.later = { at, fds };
          }
        },
      },

      *assess(now) {
        for (const [process, course] of courses) {
          const { fds, fdLimit } = process;
          const isGone = process.startedNs !== course.startedNs || !Number.isNaN(process.endedAt);
          if (isGone || !(fds >= WATCHED_RATIO * fdLimit)) {
            courses.delete(process);
            continue;
          }
          const perSecond = growth(course, fds, now);
          course.perSecond = perSecond;
          const seconds = perSecond > 0 ? (fdLimit - fds) / perSecond : Number.POSITIVE_INFINITY;
          // More than so much of it: at exactly so much it is not one yet.
          const strength = Math.max((fds - 1) / (openRatio * fdLimit), forecastSeconds / Math.max(1, seconds));
          if (strength < CLEAR_RATIO) continue;
          yield {
            entity: ofProcess(process),
            strength,
            value: fds / fdLimit,
            threshold: openRatio,
            unit: '1',
            windowMs: 0,
            culprit: process,
            workload: accounts.workloadOf(process),
            facts: [
              fact('open files', fds, '{fd}', 'iter/task', now),
              fact('soft limit', fdLimit, '{fd}', 'iter/task', now),
              ...(perSecond > 0 ? [fact('growth', perSecond, '{fd}/s', 'iter/task', now, MARK_MS)] : []),
            ],
            ...(Number.isFinite(seconds) && { forecast: { what: 'the limit of open files is reached', seconds } }),
          };
        }
      },
    };
  },
});
