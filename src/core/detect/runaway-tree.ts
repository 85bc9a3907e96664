import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { Branches } from './branches.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess } from './entities.ts';
import { ProcessCounts } from './process-counts.ts';
import type { Subtree } from './subtrees.ts';
import { rootOf } from './suspects.ts';

const STEP_MS = 1_000;
const REPLACED_STEPS = 12;
/** Smaller subtrees are not watched yet: it is what a gain may be short of. */
const WATCHED_RATIO = 0.02;

interface Course {
  /** Live processes, a second apart. */
  readonly sizes: Float64Array;
  steps: number;
}

/** A subtree that grows and keeps what it grows: each process may fork slowly, but none of them ends. */
export default detector({
  id: 'runaway-tree',
  title: 'Runaway process tree',
  severity: 'critical',

  options: {
    processes: option(500, 'Live processes that one subtree gains within the window.'),
    windowSeconds: option(60, 'The window.'),
  },

  runbook: {
    meaning: 'One process and its descendants gain live processes and do not let them end.',
    impact: 'Pids and memory run out for everyone, and each new process makes the run queue longer.',
    diagnosis:
      'The culprit is the lowest process that has most of the new ones under it. Are they waiting for a lock, a mount, a server that does not answer?',
    mitigation: 'Stop the culprit and its unit (`systemctl kill UNIT`), then cap it with `TasksMax=` or `pids.max`.',
  },

  watch({ processes, windowSeconds }, { tree, accounts, subtrees, isBuilder }) {
    const windowMs = windowSeconds * 1_000;
    const steps = Math.ceil(windowMs / STEP_MS);
    const courses = new Map<Subtree, Course>();
    const replaced = new ProcessCounts(windowMs, REPLACED_STEPS);

    let held: ReadonlyMap<Process, number> = new Map();
    const isHeld = (process: Process) => held.get(process) === process.startedNs;

    function gained(subtree: Subtree): number {
      const course = courses.get(subtree) ?? { sizes: new Float64Array(steps).fill(subtree.live), steps: 0 };
      courses.set(subtree, course);
      course.sizes[course.steps++ % steps] = subtree.live;
      return subtree.live - Math.min(...course.sizes);
    }

    /** Whom each newcomer that stays is below, less those of before who ended meanwhile: a server replaces its workers. */
    function branchesOf(subtree: Subtree, now: Instant): Branches {
      const branches = new Branches(tree);
      const root = rootOf(subtree);
      const living = root !== undefined && Number.isNaN(root.endedAt) ? root : undefined;
      for (const process of tree.live) {
        // Those that we only met now did not begin now.
        const isNew = now - process.forkedAt <= windowMs && subtrees.of(process) === subtree;
        if (isNew) branches.add(process, living);
      }
      for (const parent of replaced.active(now)) {
        if (subtrees.of(parent) === subtree) branches.takeOff(parent, replaced.total(parent, now));
      }
      return branches;
    }

    return {
      on: {
        exit({ at }, process) {
          const parent = process && tree.parent(process);
          if (parent !== undefined && !(at - process!.forkedAt <= windowMs)) replaced.add(parent, at);
        },
      },

      *assess(now) {
        const found = new Map<Process, number>();
        for (const subtree of courses.keys()) if (subtree.live < WATCHED_RATIO * processes) courses.delete(subtree);
        for (const subtree of subtrees.all()) {
          if (subtree.live < WATCHED_RATIO * processes) continue;
          const net = gained(subtree);
          if (net < CLEAR_RATIO * processes) continue;
          const branches = branchesOf(subtree, now);
          for (const { process: culprit, count } of branches.offenders(processes, CLEAR_RATIO * processes, isHeld)) {
            const gain = Math.min(net, count);
            if (isBuilder(culprit)) continue;
            found.set(culprit, culprit.startedNs);
            yield {
              entity: ofProcess(culprit),
              strength: gain / processes,
              value: gain,
              threshold: processes,
              unit: '{process}',
              windowMs,
              culprit,
              workload: accounts.workloadOf(culprit),
              facts: [
                fact('live processes gained', gain, '{process}', 'process tree', now, windowMs),
                fact('live processes of the whole tree', subtree.live, '{process}', 'process tree', now),
              ],
            };
          }
        }
        held = found;
      },
    };
  },
});
