import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess } from './entities.ts';
import { ProcessCounts } from './process-counts.ts';

const STEPS = 20;

/** One process that starts many others at a stroke, and may well stop then: worth a look, not a call at night. */
export default detector({
  id: 'fork-burst',
  title: 'Fork burst',
  severity: 'warning',

  options: {
    forks: option(60, 'Forks of one process within the window that are a burst.'),
    windowSeconds: option(5, 'The window.'),
  },

  runbook: {
    meaning: 'One process started many others within a few seconds.',
    impact:
      'For some seconds the children crowd the run queue, and caches go cold; a burst that repeats becomes a storm.',
    diagnosis:
      'Look at what the children run, and at the lineage of the parent: a loop in a script, a pool that starts whole?',
    mitigation: 'Start pools one by one, and let loops call a program once for many arguments (`xargs -n 100`).',
  },

  watch({ forks, windowSeconds }, { tree, accounts, isBuilder, isLauncher }) {
    const windowMs = windowSeconds * 1_000;
    const counts = new ProcessCounts(windowMs, STEPS);

    return {
      on: {
        fork(event, child) {
          const parent = child && tree.parent(child);
          if (parent !== undefined) counts.add(parent, event.at);
        },
      },

      *assess(now) {
        for (const process of counts.active(now)) {
          const count = counts.total(process, now);
          if (count < CLEAR_RATIO * forks || isBuilder(process) || isLauncher(process)) continue;
          yield {
            entity: ofProcess(process),
            strength: count / forks,
            value: count,
            threshold: forks,
            unit: '{fork}',
            windowMs,
            culprit: process,
            workload: accounts.workloadOf(process),
            facts: [fact('forks', count, '{fork}', 'sched_process_fork', now, windowMs)],
          };
        }
      },
    };
  },
});
