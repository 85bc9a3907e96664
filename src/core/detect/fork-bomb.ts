import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess } from './entities.ts';
import type { Subtree } from './subtrees.ts';
import { lowestAbove, rootOf } from './suspects.ts';
import { TASKS_RUN_OUT, TaskPools } from './task-pools.ts';

/** From here on growth is watched; below it, everything doubles in no time. */
const GAINED_MIN = 4;
/**
 * So many doublings may bring no new generation. The deepest line is one of many, and where its children wait for a CPU, the
 * tree is as large as before and less deep. A bomb that a limit of 256 stops has no time to make up for it.
 */
const DOUBLINGS_SPARE = 1;

/** What it had gained when that had doubled again, and the depth of the deepest that was born since it had before. */
interface Mark {
  readonly at: Instant;
  readonly gained: number;
  readonly depth: number;
}

interface Course {
  /** How many lived when it began to grow: a bomb in a session is not hidden by all who live there quietly. */
  base: number;
  since: Instant;
  depth: number;
  /** The latest first. */
  marks: Mark[];
  bombAt: Instant;
  /** Whom the last doubling found: of a bomb that is dead before anybody looked, nothing else remains. */
  culprit: Process | undefined;
  isTold: boolean;
}

/**
 * A subtree whose size doubles again and again, each time within a second.
 *
 * A pool that starts many workers doubles too, but all of them are children of one. In a bomb the children have children: with
 * each doubling the tree gets deeper.
 */
export default detector({
  id: 'fork-bomb',
  title: 'Fork bomb',
  severity: 'critical',

  options: {
    doublings: { ...option(3, 'Doublings one after the other.'), minimum: 2, maximum: 16 },
    doublingSeconds: { ...option(1, 'Each within so long.'), minimum: 0.01, maximum: 60 },
    processes: option(64, 'Live processes that the subtree has gained by then, at least.'),
  },

  runbook: {
    meaning:
      'The children of a process fork as it does, and so do theirs: the number of processes doubles within a second.',
    impact: 'Within seconds the limit of pids is reached, and nothing else can be started: no login, no `kill`.',
    diagnosis:
      'The culprit is the lowest living process that they descend from, mostly a shell; its lineage says who logged in or which job it is.',
    mitigation:
      'Freeze its cgroup (`echo 1 > cgroup.freeze`), then kill all of it (`cgroup.kill`): one by one they fork faster than you kill.',
  },

  watch({ doublings, doublingSeconds, processes }, { tree, accounts, subtrees, isBuilder, urge }) {
    const doublingMs = doublingSeconds * 1_000;
    const courses = new Map<Subtree, Course>();
    const pools = new TaskPools(accounts);

    function grown(subtree: Subtree, at: Instant): void {
      let course = courses.get(subtree);
      if (course === undefined) {
        course = begin(subtree, at, { bombAt: Number.NEGATIVE_INFINITY, culprit: undefined, isTold: false });
        courses.set(subtree, course);
      }
      const [last] = course.marks;
      const isBomb = Number.isFinite(course.bombAt);
      if (!isBomb && at - (last?.at ?? course.since) >= doublingMs) begin(subtree, at, course);
      course.depth = Math.max(course.depth, subtree.depth);
      const gained = subtree.live - course.base;
      if (gained < Math.max(GAINED_MIN, 2 * (course.marks[0]?.gained ?? 0))) return;

      course.marks = [{ at, gained, depth: course.depth }, ...course.marks.slice(0, doublings + DOUBLINGS_SPARE)];
      course.depth = 0;
      if (!areBomb(course.marks)) return;
      course.bombAt = at;
      course.culprit = culpritOf(subtree, course.since);
      urge();
    }

    function begin(subtree: Subtree, at: Instant, course: Pick<Course, 'bombAt' | 'culprit' | 'isTold'>): Course {
      // The one that was just born counts.
      return Object.assign(course, { base: subtree.live - 1, since: at, depth: 0, marks: [] });
    }

    function areBomb(marks: readonly Mark[]): boolean {
      if (marks.length <= doublings || marks[0]!.gained < processes) return false;
      const areFast = marks.every(({ at }, index) => index === 0 || marks[index - 1]!.at - at < doublingMs);
      return areFast && marks[0]!.depth - marks.at(-1)!.depth >= doublings;
    }

    function culpritOf(subtree: Subtree, since: Instant): Process | undefined {
      const born = tree.live.filter((process) => process.forkedAt >= since && subtrees.of(process) === subtree);
      return lowestAbove(tree, born) ?? rootOf(subtree);
    }

    return {
      on: {
        'cgroup-limits': (event) => pools.observeCgroup(event),
        host: (event) => pools.observeHost(event),
        fork(event, child) {
          const subtree = child && subtrees.of(child);
          if (subtree !== undefined) grown(subtree, event.at);
        },
      },

      *assess(now) {
        for (const [subtree, course] of courses) {
          const { marks, bombAt, base, since } = course;
          const isOver = marks[0] === undefined || subtree.live - base < marks[0].gained / 2;
          // Whatever comes next begins anew.
          if (isOver) courses.delete(subtree);
          if (marks[0] === undefined || (isOver && course.isTold)) continue;
          const gained = isOver ? marks[0].gained : subtree.live - base;
          const isRecent = now - bombAt <= doublingMs * doublings;
          const isStill = Number.isFinite(bombAt) && gained >= CLEAR_RATIO * marks[0].gained;
          if (!isRecent && !isStill) continue;
          // All of it is dead by now, maybe: who lives there still had no part in it.
          const culprit = isOver ? course.culprit : culpritOf(subtree, since);
          if (culprit === undefined || isBuilder(culprit)) continue;
          course.isTold = true;
          const sinceMs = marks[0].at - marks.at(-1)!.at;
          const meanMs = sinceMs / (marks.length - 1);
          const seconds = isRecent ? pools.secondsLeft(culprit, tree.live, gained, meanMs, now) : Number.NaN;
          yield {
            entity: ofProcess(culprit),
            strength: 1,
            value: gained,
            threshold: processes,
            unit: '{process}',
            windowMs: sinceMs,
            onsetAt: marks.at(-1)!.at,
            culprit,
            workload: accounts.workloadOf(culprit),
            facts: [
              fact('live processes gained', gained, '{process}', 'process tree', now),
              fact('mean time of a doubling', meanMs / 1_000, 's', 'sched_process_fork', now, sinceMs),
              fact('generations gained', marks[0].depth - marks.at(-1)!.depth, '1', 'process tree', now, sinceMs),
            ],
            ...(Number.isFinite(seconds) && { forecast: { what: TASKS_RUN_OUT, seconds } }),
          };
        }
      },
    };
  },
});
