import type { Finding } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess, ofWorkload } from './entities.ts';
import { ForkRates } from './fork-rates.ts';
import { type Counted, UntoldForks } from './untold-forks.ts';

/**
 * One process forking faster than the host can retire its children.
 *
 * The rate is per parent, never per host: sixty-four compilers under `make` are work, sixty-four shells under one shell are a
 * storm. A fast storm is known before its window is over: so many forks in less time are worse.
 */
export default detector({
  id: 'fork-storm',
  title: 'Fork storm',
  severity: 'critical',

  options: {
    forksPerSecond: option(50, 'Forks a second of one process that are a storm when they last.'),
    windowSeconds: option(3, 'For so long; a faster storm is found sooner.'),
    floorForksPerSecond: option(20, 'Below so many forks a second nothing is a storm.'),
    baselineRatio: option(4, 'So many times its own rate of the last ten minutes is a storm too, above the floor.'),
    baselineWindowSeconds: option(10, 'For so long.'),
  },

  runbook: {
    meaning: 'One process creates children faster than a healthy build or server does.',
    impact: 'Pids and memory run out; the host stops accepting logins before it stops serving.',
    diagnosis: 'Follow the lineage of the incident upwards: the first ancestor you recognise owns the loop.',
    mitigation: 'Stop the parent, not the children. Then cap its unit with `TasksMax=`.',
  },

  watch(options, { tree, accounts, isBuilder, isLauncher, urge }) {
    const rates = new ForkRates(options);
    const untold = new UntoldForks(options.windowSeconds * 1_000);

    /** Where the ring was full, what the kernel counted is the least that happened. */
    function* untoldStorms(now: Instant, told: ReadonlySet<Process>): Generator<Finding> {
      for (const { process, ...counted } of untold.parents(now)) {
        if (told.has(process) || isBuilder(process) || isLauncher(process)) continue;
        if (rates.strengthOf(counted.forks, counted.windowMs) < CLEAR_RATIO) continue;
        const of = { entity: ofProcess(process), culprit: process, workload: accounts.workloadOf(process) };
        yield { ...of, ...findingOf(counted, now) };
      }
      const named = new Set([...told].map((process) => accounts.workloadOf(process)));
      for (const { cgroupId, ...counted } of untold.cgroups(now)) {
        if (rates.strengthOf(counted.forks, counted.windowMs) < CLEAR_RATIO) continue;
        const workload = accounts.workloadOfCgroup(cgroupId, now);
        // Of a storm a part came through, and who forks it is named.
        if (named.has(workload)) continue;
        yield { entity: ofWorkload(workload), culprit: undefined, workload, ...findingOf(counted, now) };
      }
    }

    function findingOf({ forks, windowMs, at }: Counted, now: Instant) {
      return {
        strength: rates.strengthOf(forks, windowMs),
        value: (forks * 1_000) / windowMs,
        threshold: options.forksPerSecond,
        unit: '{fork}/s',
        windowMs,
        onsetAt: at - windowMs,
        facts: [fact('forks that the kernel counted', forks, '{fork}', 'sched_process_fork', now, windowMs)],
      };
    }

    return {
      on: {
        fork(event, child) {
          const parent = child && tree.parent(child);
          if (parent !== undefined && rates.add(parent, event.at)) urge();
        },

        storm(event) {
          const parent = event.scope === 'parent' ? tree.find(event) : undefined;
          if (parent === undefined) return;
          untold.observeStorm(parent, event);
          urge();
        },

        'cgroup-counts': (event) => untold.observeCounts(event),
      },

      *assess(now) {
        const told = new Set<Process>();
        for (const { process, strength, perSecond, threshold, windowMs, forks } of rates.fast(now)) {
          if (strength >= 1) told.add(process);
          if (isBuilder(process) || isLauncher(process)) continue;
          yield {
            entity: ofProcess(process),
            strength,
            value: perSecond,
            threshold,
            unit: '{fork}/s',
            windowMs,
            onsetAt: now - windowMs,
            culprit: process,
            workload: accounts.workloadOf(process),
            facts: [
              fact('forks', forks, '{fork}', 'sched_process_fork', now, windowMs),
              fact('children that live', [...tree.children(process)].length, '{process}', 'process tree', now),
            ],
          };
        }
        yield* untoldStorms(now, told);
      },
    };
  },
});
