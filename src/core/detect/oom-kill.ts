import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { detector, option } from './contract.ts';
import { fact, nameOf, ofWorkload } from './entities.ts';

interface Kills {
  count: number;
  at: Instant;
  victim: string;
  victimBytes: number;
  largest: Process | undefined;
  largestStartedNs: number;
  largestBytes: number;
}

/** The kernel killed a process for want of memory. The victim is who was largest by its score, not always who grew. */
export default detector({
  id: 'oom-kill',
  title: 'Killed for want of memory',
  severity: 'critical',

  options: {
    kills: { ...option(1, 'Kills in one workload that are an incident.'), minimum: 1, maximum: 1_000 },
    windowSeconds: option(60, 'Within so long.'),
  },

  runbook: {
    meaning: 'A workload, or the host, ran out of memory, and the kernel killed a process of it.',
    impact: 'What the process was doing is lost; with its supervisor it starts again, and grows again.',
    diagnosis:
      'The evidence names the victim; the culprit is who holds most of what cannot be given back. Compare both with `memory.max` and with a week ago.',
    mitigation:
      'Give it more memory, or make it need less; a leak is only put off by a higher limit. Set `memory.high` below `memory.max` to slow it first.',
  },

  watch({ kills, windowSeconds }, { tree, accounts, urge }) {
    const windowMs = windowSeconds * 1_000;
    const byWorkload = new Map<Workload, Kills>();

    function largestIn(workload: Workload, victim: Process | undefined): Process | undefined {
      let largest = victim;
      for (const process of tree.live) {
        if (accounts.workloadOf(process) !== workload) continue;
        if (!(held(process) <= held(largest))) largest = process;
      }
      return largest;
    }

    return {
      on: {
        oom(event, victim) {
          const workload = accounts.workloadOfCgroup(event.cgroupId, event.at);
          const largest = largestIn(workload, victim);
          const before = byWorkload.get(workload);
          byWorkload.set(workload, {
            count: before !== undefined && event.at - before.at <= windowMs ? before.count + 1 : 1,
            at: event.at,
            victim: `${victim === undefined ? event.comm : nameOf(victim)} (pid ${event.pid})`,
            victimBytes: event.anonymousBytes + event.sharedBytes,
            largest,
            largestStartedNs: largest?.startedNs ?? Number.NaN,
            largestBytes: held(largest),
          });
          urge();
        },
      },

      *assess(now) {
        for (const [workload, of] of byWorkload) {
          if (now - of.at > windowMs) {
            byWorkload.delete(workload);
            continue;
          }
          const culprit = of.largest?.startedNs === of.largestStartedNs ? of.largest : undefined;
          yield {
            entity: ofWorkload(workload),
            strength: of.count / kills,
            value: of.count,
            threshold: kills,
            unit: '{kill}',
            windowMs,
            onsetAt: of.at,
            culprit,
            workload,
            facts: [
              fact(`killed: ${of.victim}, which held`, of.victimBytes, 'By', 'oom:mark_victim', of.at),
              ...(Number.isNaN(of.largestBytes) || culprit === undefined
                ? []
                : [
                    fact(`largest: ${nameOf(culprit)} (pid ${culprit.pid})`, of.largestBytes, 'By', 'iter/task', of.at),
                  ]),
            ],
          };
        }
      },
    };
  },
});

/** What can't be given back without swap; NaN while no sample told. */
function held(process: Process | undefined): number {
  return process === undefined ? Number.NaN : process.anonymousBytes + process.swapBytes + process.sharedBytes;
}
