import type { HostEvent } from '../model/event.ts';
import type { Finding } from '../model/finding.ts';
import { fdLimitRatio, type Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, OF_HOST, ofProcess } from './entities.ts';
import { Trend } from './trend.ts';

/** Below this share of its limit nobody is watched. */
const WATCHED_RATIO = 0.1;
/** A forecast needs a course. */
const MARK_MS = 30_000;
const LATE_MS = 10_000;
/** The host's table was not told of for so long. */
const FRESH_MS = 30_000;

interface Course {
  readonly startedNs: number;
  readonly trend: Trend;
}

interface Use {
  readonly open: number;
  readonly limit: number;
  readonly perSecond: number;
}

/** A process about to reach its limit of open files, or the host that of its table: from then on each `open` and `accept` fails. */
export default detector({
  id: 'fd-exhaustion',
  title: 'Open files run out',
  severity: 'warning',

  options: {
    openRatio: option(0.8, 'Open files, as a share of the soft limit, or of the table of the host.'),
    forecastSeconds: option(600, 'Or the limit will be reached within so long, at the rate of now.'),
  },

  runbook: {
    meaning: 'A process has nearly as many files, sockets and pipes open as it may, or soon will; or the host has.',
    impact:
      'At the limit it can neither accept connections nor open its own logs (EMFILE), and mostly fails in odd ways. At that of the host nobody can but root (ENFILE).',
    diagnosis:
      "Look at what is open: `ls -l /proc/PID/fd | awk '{print $NF}' | sort | uniq -c | sort -n`. A leak is many of a kind.",
    mitigation:
      'Restart it to win time. Close what leaks; if all of it is needed, raise `LimitNOFILE=`, or `fs.file-max` for the host.',
  },

  watch({ openRatio, forecastSeconds }, { tree, accounts }) {
    const courses = new Map<Process, Course>();
    let host: { readonly event: HostEvent; readonly trend: Trend } | undefined;

    function secondsLeft({ open, limit, perSecond }: Use): number {
      return perSecond > 0 ? (limit - open) / perSecond : Number.POSITIVE_INFINITY;
    }

    /** More than so much of it: at exactly so much it is not one yet. */
    function strengthOf(use: Use): number {
      return Math.max((use.open - 1) / (openRatio * use.limit), forecastSeconds / Math.max(1, secondsLeft(use)));
    }

    function findingOf(use: Use, source: string, now: Instant): Omit<Finding, 'entity' | 'culprit' | 'workload'> {
      const { open, limit, perSecond } = use;
      const seconds = secondsLeft(use);
      return {
        strength: strengthOf(use),
        value: open / limit,
        threshold: openRatio,
        unit: '1',
        windowMs: 0,
        facts: [
          fact('open files', open, '{fd}', source, now),
          fact('limit', limit, '{fd}', source, now),
          ...(perSecond > 0 ? [fact('growth', perSecond, '{fd}/s', source, now, MARK_MS)] : []),
        ],
        ...(Number.isFinite(seconds) && { forecast: { what: 'the limit of open files is reached', seconds } }),
      };
    }

    function* ofHost(now: Instant): Generator<Finding> {
      if (host === undefined || now - host.event.at > FRESH_MS) return;
      const { filesOpen: open, filesMax: limit } = host.event;
      const use = { open, limit, perSecond: host.trend.perSecond(open, now) };
      if (!(open >= WATCHED_RATIO * limit) || strengthOf(use) < CLEAR_RATIO) return;
      const culprit = tree.live.reduce<Process | undefined>(
        (most, each) => (each.fds > (most?.fds ?? 0) ? each : most),
        undefined,
      );
      const workload = culprit && accounts.workloadOf(culprit);
      yield { entity: OF_HOST, ...findingOf(use, '/proc/sys/fs/file-nr', now), culprit, workload };
    }

    return {
      on: {
        'process-sample'({ at, startedNs, fds }, process) {
          if (process === undefined || !isWatched(process)) return;
          const course = courses.get(process);
          if (course?.startedNs === startedNs) course.trend.add(at, fds);
          else courses.set(process, { startedNs, trend: new Trend(at, fds, MARK_MS, LATE_MS) });
        },

        host(event) {
          const { at, filesOpen } = event;
          const trend = host?.trend ?? new Trend(at, filesOpen, MARK_MS, LATE_MS);
          trend.add(at, filesOpen);
          host = { event: { ...event }, trend };
        },
      },

      *assess(now) {
        for (const [process, { startedNs, trend }] of courses) {
          const { fds: open, fdLimit: limit } = process;
          const isGone = process.startedNs !== startedNs || !Number.isNaN(process.endedAt);
          if (isGone || !isWatched(process)) {
            courses.delete(process);
            continue;
          }
          const use = { open, limit, perSecond: trend.perSecond(open, now) };
          if (strengthOf(use) < CLEAR_RATIO) continue;
          const workload = accounts.workloadOf(process);
          yield { entity: ofProcess(process), ...findingOf(use, 'iter/task', now), culprit: process, workload };
        }
        yield* ofHost(now);
      },
    };
  },
});

/** Not where anything is not known, or there is no limit. */
function isWatched(process: Process): boolean {
  return fdLimitRatio(process) >= WATCHED_RATIO;
}
