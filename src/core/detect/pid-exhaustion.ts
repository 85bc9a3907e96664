import type { Finding } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, OF_HOST, ofWorkload } from './entities.ts';
import { heaviestBranch } from './suspects.ts';
import { TASKS_RUN_OUT, type TaskPool, TaskPools } from './task-pools.ts';

/** A cgroup, or the host, in which soon nothing can be started any more. Threads count as processes do, and so do zombies. */
export default detector({
  id: 'pid-exhaustion',
  title: 'Pids run out',
  severity: 'critical',

  options: {
    tasksRatio: option(
      0.8,
      'Processes and threads, as a share of `pids.max` of their cgroup or one above, or of what the host can have.',
    ),
  },

  runbook: {
    meaning: 'A workload, one that it lives in, or the host has nearly as many processes and threads as it may have.',
    impact:
      'At the limit `fork` and `pthread_create` fail with EAGAIN: no request gets a thread, no health check and no login a process.',
    diagnosis:
      'The culprit has most of them below it, as processes, threads or zombies: compare `ps -o nlwp,pid,args` and `culprit tree PID`. On hosts with cgroup v1 the limit is known where the path in the pids hierarchy is that of v2.',
    mitigation:
      'Stop the culprit or let it start fewer; if all are needed, raise `TasksMax=`, `pids.max`, or `kernel.pid_max` and `kernel.threads-max`.',
  },

  watch({ tasksRatio }, { tree, accounts, subtrees }) {
    const pools = new TaskPools(accounts);

    function findingOf(pool: TaskPool, strength: number, now: Instant): Finding {
      const { cgroupId, at, tasks, max, trend } = pool;
      const members = pools.members(pool, tree.live);
      const heaviest = heaviestBranch(tree, subtrees, members, tasksOf);
      const workload = accounts.workloadOfCgroup(cgroupId, now);
      const perSecond = trend.perSecond(tasks, at);
      const seconds = Math.max(0, (max - tasks) / perSecond - (now - at) / 1_000);
      const source = cgroupId === 0 ? '/proc/loadavg' : 'pids.current';
      return {
        entity: cgroupId === 0 ? OF_HOST : { ...ofWorkload(workload), key: `${workload.name}\n${cgroupId}` },
        strength,
        value: tasks / max,
        threshold: tasksRatio,
        unit: '1',
        windowMs: 0,
        culprit: heaviest?.process,
        workload: cgroupId === 0 ? heaviest && accounts.workloadOf(heaviest.process) : workload,
        facts: [
          fact('processes and threads', tasks, '{task}', source, at),
          fact('limit', max, '{task}', cgroupId === 0 ? 'kernel.pid_max, threads-max' : 'pids.max', at),
          ...(perSecond > 0 ? [fact('growth', perSecond, '{task}/s', source, at)] : []),
          ...(heaviest === undefined
            ? []
            : [fact('of them the culprit and its descendants', heaviest.weight, '{task}', 'process tree', now)]),
        ],
        ...(perSecond > 0 && { forecast: { what: TASKS_RUN_OUT, seconds } }),
      };
    }

    return {
      on: {
        'cgroup-limits': (event) => pools.observeCgroup(event),
        host: (event) => pools.observeHost(event),
      },

      *assess(now) {
        for (const pool of pools.known(now)) {
          // More than so much of it: at exactly so much it is not one yet.
          const strength = (pool.tasks - 1) / (tasksRatio * pool.max);
          if (strength >= CLEAR_RATIO) yield findingOf(pool, strength, now);
        }
      },
    };
  },
});

/** Of a process that no sample told of yet, its first. */
function tasksOf({ threads }: Process): number {
  return threads > 0 ? threads : 1;
}
