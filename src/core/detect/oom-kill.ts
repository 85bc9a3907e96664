import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { detector, option } from './contract.ts';
import { fact, nameOf, ofWorkload } from './entities.ts';

interface Kills {
  /** Of each, the latest last; of more than can matter the oldest are left out. */
  readonly at: readonly Instant[];
  readonly workload: Workload;
  victim: string;
  victimBytes: number;
  largest: Process | undefined;
  largestStartedNs: number;
  largestBytes: number;
}

const KILLS_MAX = 1_000;

/** The kernel killed a process for want of memory. The victim is who was largest by its score, not always who grew. */
export default detector({
  id: 'oom-kill',
  title: 'Killed for want of memory',
  severity: 'critical',

  options: {
    kills: { ...option(1, 'Kills in one workload that are an incident.'), minimum: 1, maximum: KILLS_MAX },
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
    /** By name: a container that is started anew is another workload of the same. */
    const byWorkload = new Map<string, Kills>();

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
          const before = byWorkload.get(workload.name)?.at ?? [];
          byWorkload.set(workload.name, {
            at: [...before, event.at].slice(-KILLS_MAX),
            workload,
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
        for (const [name, of] of byWorkload) {
          const at = of.at.filter((each) => now - each <= windowMs);
          const lastAt = at.at(-1);
          if (lastAt === undefined) {
            byWorkload.delete(name);
            continue;
          }
          byWorkload.set(name, { ...of, at });
          const culprit = of.largest?.startedNs === of.largestStartedNs ? of.largest : undefined;
          yield {
            entity: ofWorkload(of.workload),
            strength: at.length / kills,
            value: at.length,
            threshold: kills,
            unit: '{kill}',
            windowMs,
            onsetAt: lastAt,
            culprit,
            workload: of.workload,
            facts: [
              fact(`killed: ${of.victim}, which held`, of.victimBytes, 'By', 'oom:mark_victim', lastAt),
              ...(Number.isNaN(of.largestBytes) || culprit === undefined
                ? []
                : [
                    fact(
                      `largest: ${nameOf(culprit)} (pid ${culprit.pid})`,
                      of.largestBytes,
                      'By',
                      'iter/task',
                      lastAt,
                    ),
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
