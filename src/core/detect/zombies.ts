import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, nameOf, ofProcess } from './entities.ts';

/** They pile up slowly, so a look at everyone now and then will do. */
const LOOK_MS = 5_000;

interface Parent {
  readonly startedNs: number;
  readonly count: number;
  readonly child: string;
  readonly oldest: Instant;
}

/** A parent that does not wait for its children. It is named, not they: they are dead and can't be killed again. */
export default detector({
  id: 'zombies',
  title: 'Zombies pile up',
  severity: 'warning',

  options: {
    zombies: option(20, 'Children that ended and that their parent has not waited for; more than so many.'),
    ageSeconds: option(60, 'Only those that ended so long ago.'),
  },

  runbook: {
    meaning: 'A process does not wait for its children that have ended.',
    impact: 'Each keeps its pid; when the limit of pids is reached, nothing can be started any more.',
    diagnosis:
      'The culprit is the parent: it lacks a `wait()`, its handler of SIGCHLD is stuck, or it is PID 1 of a container without being an init.',
    mitigation:
      'Restart the parent: its children then go to init, which waits for them. In containers run an init (`--init`).',
  },

  watch({ zombies, ageSeconds }, { tree, accounts }) {
    let lookedAt = Number.NEGATIVE_INFINITY;
    let dead = new Map<Process, { readonly startedNs: number; readonly since: Instant }>();
    let parents = new Map<Process, Parent>();

    function look(now: Instant): void {
      const before = dead;
      lookedAt = now;
      dead = new Map();
      parents = new Map();
      for (const process of tree.live) {
        if (process.state !== 'zombie') continue;
        const { startedNs, exitedAt, waiterPid, waiterStartedNs } = process;
        const known = before.get(process);
        const seenAt = known?.startedNs === startedNs ? known.since : now;
        const since = Number.isNaN(exitedAt) ? seenAt : exitedAt;
        dead.set(process, { startedNs, since });
        const parent = tree.find({ pid: waiterPid, startedNs: waiterStartedNs });
        if (parent === undefined || now - since < ageSeconds * 1_000) continue;
        const entry = parents.get(parent) ?? {
          startedNs: parent.startedNs,
          count: 0,
          child: nameOf(process),
          oldest: since,
        };
        parents.set(parent, { ...entry, count: entry.count + 1, oldest: Math.min(entry.oldest, since) });
      }
    }

    return {
      *assess(now) {
        if (now - lookedAt >= LOOK_MS) look(now);
        for (const [parent, { startedNs, count, child, oldest }] of parents) {
          // Since the look it may have gone, and be another.
          if (parent.startedNs !== startedNs || count < CLEAR_RATIO * zombies) continue;
          yield {
            entity: ofProcess(parent),
            // More than so many: at exactly so many it is not one yet.
            strength: count / (zombies + 1),
            value: count,
            threshold: zombies,
            unit: '{process}',
            windowMs: ageSeconds * 1_000,
            onsetAt: oldest,
            culprit: parent,
            workload: accounts.workloadOf(parent),
            facts: [
              fact(`zombies, such as ${child}`, count, '{process}', 'iter/task', now),
              fact('age of the oldest', (now - oldest) / 1_000, 's', 'sched_process_exit', now),
            ],
          };
        }
      },
    };
  },
});
