import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess } from './entities.ts';
import type { Subtree } from './subtrees.ts';
import { lowestAbove } from './suspects.ts';

/** From here on a subtree is watched; below it, everything doubles in no time. */
const LIVE_MIN = 8;

interface Course {
  /** When it had doubled last, how large and how deep it was then; the latest first. */
  marks: { readonly at: Instant; readonly live: number; readonly depth: number }[];
  bombAt: Instant;
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
    processes: option(64, 'Live processes of the subtree, at least, when they have happened.'),
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
    const courses = new Map<Subtree, Course>();

    function grown(subtree: Subtree, at: Instant): void {
      let course = courses.get(subtree);
      if (course === undefined) {
        course = { marks: [], bombAt: Number.NEGATIVE_INFINITY };
        courses.set(subtree, course);
      }
      const [last] = course.marks;
      if (last !== undefined && subtree.live < 2 * last.live) return;
      course.marks = [{ at, live: subtree.live, depth: subtree.depth }, ...course.marks.slice(0, doublings)];
      if (!isBomb(course.marks)) return;
      course.bombAt = at;
      urge();
    }

    function isBomb(marks: Course['marks']): boolean {
      if (marks.length <= doublings || marks[0]!.live < processes) return false;
      const areFast = marks.every(
        ({ at }, index) => index === 0 || marks[index - 1]!.at - at < doublingSeconds * 1_000,
      );
      return areFast && marks[0]!.depth - marks.at(-1)!.depth >= doublings;
    }

    function culpritOf(subtree: Subtree): Process | undefined {
      const members = tree.live.filter((process) => subtrees.of(process) === subtree);
      return (
        lowestAbove(tree, members) ?? (subtree.root.startedNs === subtree.rootStartedNs ? subtree.root : undefined)
      );
    }

    return {
      on: {
        fork(event, child) {
          const subtree = child && subtrees.of(child);
          if (subtree !== undefined && subtree.live >= LIVE_MIN) grown(subtree, event.at);
        },
      },

      *assess(now) {
        for (const [subtree, { marks, bombAt }] of courses) {
          // It shrank: whatever comes next begins anew.
          if (marks[0] !== undefined && subtree.live < marks[0].live / 2) courses.delete(subtree);
          const isRecent = now - bombAt <= doublingSeconds * 1_000 * doublings;
          const isStill = Number.isFinite(bombAt) && subtree.live >= CLEAR_RATIO * (marks[0]?.live ?? 0);
          if (!isRecent && !isStill) continue;
          const culprit = culpritOf(subtree);
          if (culprit === undefined || isBuilder(culprit)) continue;
          const sinceMs = marks[0]!.at - marks.at(-1)!.at;
          yield {
            entity: ofProcess(culprit),
            strength: 1,
            value: subtree.live,
            threshold: processes,
            unit: '{process}',
            windowMs: sinceMs,
            onsetAt: marks.at(-1)!.at,
            culprit,
            workload: accounts.workloadOf(culprit),
            facts: [
              fact('live processes of the subtree', subtree.live, '{process}', 'process tree', now),
              fact(
                'mean time of a doubling',
                sinceMs / 1_000 / (marks.length - 1),
                's',
                'sched_process_fork',
                now,
                sinceMs,
              ),
              fact('generations gained', marks[0]!.depth - marks.at(-1)!.depth, '1', 'process tree', now, sinceMs),
            ],
          };
        }
      },
    };
  },
});
