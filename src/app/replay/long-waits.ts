import type { LongWait } from '../../core/blame/waits.ts';
import type { Summons } from './witness.ts';

const KEPT = 100;

/** The longest single waits for a CPU; the engine itself keeps those of a minute. */
export const longWaits: Summons = (engine) => {
  const longest: { readonly workload: string; readonly wait: LongWait }[] = [];

  return {
    observe(event) {
      if (event.kind !== 'long-wait') return;
      const least = longest.at(-1)?.wait.seconds ?? 0;
      if (longest.length === KEPT && event.waitedNs / 1e9 <= least) return;
      const workload = engine.accounts.workloadOfCgroup(event.cgroupId, event.at).name;
      longest.push({ workload, wait: engine.waits.describe(event) });
      longest.sort((one, other) => other.wait.seconds - one.wait.seconds);
      longest.length = Math.min(longest.length, KEPT);
    },
    tell: () => ({
      name: 'longWaits',
      title: `The longest waits for a CPU, ${KEPT} at most`,
      columns: [
        { name: 'workload', heading: 'WORKLOAD' },
        { name: 'pid', heading: 'PID' },
        { name: 'process', heading: 'PROCESS' },
        { name: 'seconds', heading: 'WAITED', unit: 'seconds' },
        { name: 'behind', heading: 'BEHIND' },
        { name: 'behindPid', heading: 'ITS PID' },
      ],
      rows: longest.map(({ workload, wait: { at, pid, tid, name, cpu, seconds, parts } }) => ({
        workload,
        pid,
        tid,
        process: name,
        cpu,
        at,
        seconds,
        behind: parts[0]?.offender ?? '',
        behindPid: parts[0]?.pid || null,
        behindShare: parts[0]?.share ?? null,
      })),
    }),
  };
};
