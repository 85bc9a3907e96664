import type { Pair } from '../blame/pair.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofPair } from './entities.ts';

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

/**
 * One workload that made another wait, by the kernel's own account of the wait.
 *
 * Only what was measured accuses anybody; a wait that the victim's own quota or its own threads caused is no neighbour's, and
 * counts in the whole that the neighbour must have its share of. A client and its server on the same CPUs make each other wait
 * for some hundredths of the time, and a start of a JVM whoever wakes meanwhile: that is a machine in use.
 */
export default detector({
  id: 'noisy-neighbour',
  title: 'Noisy neighbour',
  severity: 'warning',

  options: {
    waitMilliseconds: option(1_000, 'Task-time that one workload made another wait within the window.'),
    shareRatio: option(0.2, 'The least share of all that the victim waited for the same resource.'),
    windowSeconds: { ...option(10, 'The window, in steps of two seconds.'), minimum: 2, maximum: 60 },
  },

  runbook: {
    meaning: 'One workload held a CPU, or a device, that another was waiting for.',
    impact: 'The latency of the victim grows by what it waits, though it uses no more itself.',
    diagnosis:
      'Ask `culprit blame` for the victim: what part of its wait it was, behind which process, and what was its own.',
    mitigation: 'Give the offender a lower `cpu.weight` or a quota, the victim a higher weight, or each its own CPUs.',
  },

  watch({ waitMilliseconds, shareRatio, windowSeconds }, { tree, blame }) {
    const windowMs = windowSeconds * 1_000;

    return {
      *assess(now) {
        const recent: Pair[] = [];
        const whole = new Map<string, number>();
        for (const pair of blame.pairs()) {
          if (now - pair.changedAt > windowMs) continue;
          const victim = `${pair.resource}\n${pair.victim.name}`;
          whole.set(victim, (whole.get(victim) ?? 0) + pair.window.sum(now, windowMs));
          if (pair.cause === 'neighbour' && pair.basis === 'measured' && pair.offenderWorkload !== undefined)
            recent.push(pair);
        }

        for (const pair of recent) {
          const { victim, offender, offenderWorkload, resource } = pair;
          const ns = pair.window.sum(now, windowMs);
          const share = ns / whole.get(`${resource}\n${victim.name}`)!;
          const strength = Math.min(ns / NS_PER_MS / waitMilliseconds, share / shareRatio);
          if (!(strength >= CLEAR_RATIO)) continue;
          const [heaviest] = pair.holders.list(now, windowMs);
          const source = `blame matrix, ${resource}`;
          yield {
            entity: ofPair(offender, resource === 'cpu' ? victim.name : `${victim.name} (${resource})`),
            strength,
            value: ns / NS_PER_MS,
            threshold: waitMilliseconds,
            unit: 'ms',
            windowMs,
            culprit: heaviest && tree.latest(heaviest.pid),
            workload: offenderWorkload,
            victim,
            facts: [
              fact(`${victim.name} waited behind ${offender}`, ns / NS_PER_SECOND, 's', source, now, windowMs),
              fact(`share of all that ${victim.name} waited`, share, '1', source, now, windowMs),
              ...(heaviest === undefined
                ? []
                : [
                    fact(
                      `behind ${heaviest.exe || heaviest.comm}, pid ${heaviest.pid}`,
                      heaviest.ns / NS_PER_SECOND,
                      's',
                      source,
                      now,
                      windowMs,
                    ),
                  ]),
            ],
          };
        }
      },
    };
  },
});
