import type { ExitEvent } from '../model/event.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact } from './entities.ts';
import { type GroupInWorkload, GroupsInWorkloads } from './groups-in-workloads.ts';
import { Tally } from './tally.ts';

/** SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: nobody sends these to stop a program. */
const CRASHES: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 11, 31]);
const SIGNAL_MASK = 0x7f;
const NS_PER_SECOND = 1e9;

/**
 * A program that dies again and again where somebody starts it again and again.
 *
 * That a program says no is not a crash: `grep` fails all day. An error counts only of the first process of a workload, whose
 * end is the workload's; a signal that no person sends counts of any.
 */
export default detector({
  id: 'crash-loop',
  title: 'Crash loop',
  severity: 'warning',

  options: {
    deaths: option(5, 'Deaths of one group in one workload within the window.'),
    windowSeconds: option(600, 'The window.'),
  },

  runbook: {
    meaning: 'The same program dies by a signal or with an error, is started again, and dies again.',
    impact: 'The service is down, or nearly so, and each start costs CPU, memory and connections of others.',
    diagnosis:
      'The evidence has the last status. Look at its last words: `journalctl -u UNIT`, `docker logs`, `kubectl logs --previous`, `coredumpctl`.',
    mitigation: 'Roll back what changed. Let the restart back off (`RestartSec=`, `RestartSteps=`) until it is mended.',
  },

  watch({ deaths, windowSeconds }, { tree, accounts, isBuilder, refuse }) {
    const windowMs = windowSeconds * 1_000;
    const keys = new GroupsInWorkloads();
    const tally = new Tally<GroupInWorkload>(windowMs, 20, refuse);

    function isDeath({ reason, status }: ExitEvent, isFirst: boolean): boolean {
      if (reason === 'oom') return true;
      if (reason === 'signal') return CRASHES.has(status & SIGNAL_MASK);
      return reason === 'error' && isFirst;
    }

    return {
      on: {
        exit(event, process) {
          if (event.reason === 'ok') return;
          const workload = process && accounts.workloadOf(process);
          const group = process && accounts.groupOf(process);
          if (process === undefined || workload === undefined || group === undefined) return;

          const parent = tree.parent(process);
          const above = parent && accounts.workloadOf(parent);
          const isFirst = above !== undefined && above !== workload;
          if (!isDeath(event, isFirst) || isBuilder(process)) return;
          const key = keys.of(workload, group);
          key.lastStatus = event.status;
          key.lastLifetimeSeconds = event.lifetimeNs / NS_PER_SECOND;
          tally.add(key, event.at, event.reason !== 'error', process);
        },
      },

      *assess(now) {
        for (const { key, count, marked, suspect } of tally.active(now)) {
          if (count < CLEAR_RATIO * deaths) continue;
          yield {
            entity: key.entity,
            strength: count / deaths,
            value: count,
            threshold: deaths,
            unit: '{exit}',
            windowMs,
            culprit: suspect,
            workload: key.workload,
            facts: [
              fact('deaths', count, '{exit}', 'sched_process_exit', now, windowMs),
              fact('of them by a signal', marked, '{exit}', 'sched_process_exit', now, windowMs),
              fact('last status, as wait(2) tells it', key.lastStatus, '1', 'sched_process_exit', now),
              fact('it had lived', key.lastLifetimeSeconds, 's', 'sched_process_exit', now),
            ],
          };
        }
        keys.sweep();
      },

      /** A container that dies at once does so before anyone told its name. */
      rename(before, after, at) {
        for (const [from, into] of keys.rename(before, after)) {
          tally.merge(from, into, at);
          into.lastStatus = from.lastStatus;
          into.lastLifetimeSeconds = from.lastLifetimeSeconds;
        }
      },
    };
  },
});
