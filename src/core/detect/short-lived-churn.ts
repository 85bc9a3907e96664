import type { Workload } from '../model/workload.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofWorkload } from './entities.ts';
import { Tally } from './tally.ts';

const NS_PER_SECOND = 1e9;

/**
 * A workload that spends itself on starting programs that hardly live.
 *
 * It is told at the exit, where the lifetime is known, so processes that no scrape ever saw are in it. Who begat most of them
 * is found by a vote among the exits, not by a list of all parents.
 */
export default detector({
  id: 'short-lived-churn',
  title: 'Churn of short-lived processes',
  severity: 'warning',

  options: {
    exitsPerSecond: option(30, 'Exits a second in one workload that are churn, when most were short-lived.'),
    shortRatio: option(0.8, 'The share of them that lived less than a second.'),
    windowSeconds: option(10, 'For so long.'),
  },

  runbook: {
    meaning: 'A workload starts many processes a second of which hardly any lives for one.',
    impact: 'Each costs about a millisecond of CPU to start and to end, which no process list shows.',
    diagnosis:
      'The culprit of the incident is who begat most of them: a shell loop, a CGI, a health check, an agent that calls tools.',
    mitigation: 'Do the work within one process, or keep workers and hand them the work.',
  },

  watch({ exitsPerSecond, shortRatio, windowSeconds }, { tree, accounts, isBuilder, refuse }) {
    const windowMs = windowSeconds * 1_000;
    const exits = new Tally<Workload>(windowMs, 10, refuse);

    return {
      on: {
        exit(event, process) {
          const workload = process && accounts.workloadOf(process);
          if (process === undefined || workload === undefined || isBuilder(process)) return;
          exits.add(workload, event.at, event.lifetimeNs < NS_PER_SECOND, tree.parent(process));
        },
      },

      *assess(now) {
        for (const { key: workload, count, marked, suspect } of exits.active(now)) {
          const perSecond = count / windowSeconds;
          const strength = Math.min(perSecond / exitsPerSecond, marked / count / shortRatio);
          if (strength < CLEAR_RATIO) continue;
          yield {
            entity: ofWorkload(workload),
            strength,
            value: perSecond,
            threshold: exitsPerSecond,
            unit: '{exit}/s',
            windowMs,
            culprit: suspect,
            workload,
            facts: [
              fact('exits', count, '{exit}', 'sched_process_exit', now, windowMs),
              fact('share that lived less than a second', marked / count, '1', 'sched_process_exit', now, windowMs),
            ],
          };
        }
      },
    };
  },
});
