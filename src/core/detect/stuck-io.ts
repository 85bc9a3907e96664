import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { BlockedEvent } from '../model/wait.ts';
import type { Workload } from '../model/workload.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofWorkload } from './entities.ts';

/** Snapshots come once a minute at least. */
const FRESH_MS = 120_000;
const SITES_TOLD = 3;
/** Who waits there waits for its own child to begin a program, or was frozen: for no device. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['kernel_clone', 'wait_for_vfork_done', '_do_fork', 'do_fork'],
  ...['__refrigerator', 'do_freezer_trap'],
]);

interface Stuck {
  readonly workload: Workload;
  tasks: number;
  longestMs: number;
  readonly bySite: Map<string, number>;
  readonly byProcess: Map<Process, { readonly startedNs: number; tasks: number }>;
}

/**
 * Tasks that wait for a device, a server or a lock that does not answer, and can hardly be killed.
 *
 * One that waits long may be a slow disk; many at a time are a thing that is stuck. A parent that waits for its `vfork` waits
 * in the same way, and for nothing but its child.
 */
export default detector({
  id: 'stuck-io',
  title: 'Tasks stuck in the kernel',
  severity: 'warning',

  options: {
    tasks: option(4, 'Tasks of one workload that are stuck, threads included: at least so many.'),
    tasksPerCpuRatio: {
      ...option(2, 'And at least so many for each CPU of the host.'),
      minimum: 0.01,
    },
    blockedSeconds: option(5, 'Each has waited so long without a break, where most signals do not reach it.'),
  },

  runbook: {
    meaning: 'Many tasks of a workload wait uninterruptibly (state D), each in one and the same wait for seconds.',
    impact: 'They do nothing, can hardly be killed, and count as load; whoever waits for them is stuck as well.',
    diagnosis:
      'The evidence names the function of the kernel that waits: `rpc_`, `nfs` is a server of files, `request_wait_answer` is FUSE, `percpu_rwsem_wait` a frozen filesystem, `folio_wait` and `blk_` a device. `cat /proc/PID/stack` shows the whole way, `dmesg` what the device says.',
    mitigation:
      'Bring back what they wait for: the server, the path to the device, the daemon of the mount; `umount -f` and `fsfreeze -u` let go. Killing them helps only where they wait killably.',
  },

  watch({ tasks, tasksPerCpuRatio, blockedSeconds }, { tree, accounts, cpus }) {
    const threshold = Math.max(tasks, Math.ceil(tasksPerCpuRatio * cpus));
    let filling: Map<Workload, Stuck> = new Map();
    let told: ReadonlyMap<Workload, Stuck> = new Map();
    let toldAt = Number.NEGATIVE_INFINITY;

    /** A child that runs no program of its own yet. */
    function mayWaitForChild(process: Process): boolean {
      return tree.children(process).some(({ execedAt }) => Number.isNaN(execedAt));
    }

    function add({ pid, startedNs, blockedMs, site }: BlockedEvent): void {
      const process = tree.find({ pid, startedNs });
      const workload = process && accounts.workloadOf(process);
      if (process === undefined || workload === undefined || blockedMs < blockedSeconds * 1_000) return;
      if (HARMLESS.has(site) || (site === '' && mayWaitForChild(process))) return;
      const stuck = filling.get(workload) ?? newStuck(workload);
      filling.set(workload, stuck);
      stuck.tasks++;
      stuck.longestMs = Math.max(stuck.longestMs, blockedMs);
      stuck.bySite.set(site, (stuck.bySite.get(site) ?? 0) + 1);
      const own = stuck.byProcess.get(process) ?? { startedNs, tasks: 0 };
      stuck.byProcess.set(process, own);
      own.tasks++;
    }

    return {
      on: {
        'snapshot-begin'() {
          filling = new Map();
        },
        blocked: add,
        'snapshot-end'({ at }) {
          told = filling;
          toldAt = at;
        },
      },

      *assess(now) {
        if (now - toldAt > FRESH_MS) return;
        for (const { workload, tasks: count, longestMs, bySite, byProcess } of told.values()) {
          if (count < CLEAR_RATIO * threshold) continue;
          yield {
            entity: ofWorkload(workload),
            strength: count / threshold,
            value: count,
            threshold,
            unit: '{task}',
            windowMs: blockedSeconds * 1_000,
            onsetAt: toldAt - longestMs,
            culprit: worstOf(byProcess),
            workload,
            facts: [
              ...factsOf(bySite, toldAt),
              fact('the longest has waited', longestMs / 1_000, 's', 'iter/task', toldAt),
            ],
          };
        }
      },
    };
  },
});

function newStuck(workload: Workload): Stuck {
  return { workload, tasks: 0, longestMs: 0, bySite: new Map(), byProcess: new Map() };
}

function factsOf(bySite: ReadonlyMap<string, number>, at: Instant) {
  return [...bySite]
    .sort(([, one], [, other]) => other - one)
    .slice(0, SITES_TOLD)
    .map(([site, count]) =>
      fact(`wait in ${site || 'a place that is not told'}`, count, '{task}', '/proc/PID/wchan', at),
    );
}

/** Unless its object has become another's. */
function worstOf(byProcess: Stuck['byProcess']): Process | undefined {
  const [worst] = [...byProcess].sort(([, one], [, other]) => other.tasks - one.tasks);
  return worst !== undefined && worst[0].startedNs === worst[1].startedNs ? worst[0] : undefined;
}
