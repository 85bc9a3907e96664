import type { CgroupId, Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofWorkload } from './entities.ts';

/** Of a quota's usual period of 100 ms, a tenth of the window: whoever hardly runs is no victim of it. */
const PERIODS_PER_SECOND_MIN = 1;

interface Reading {
  readonly at: Instant;
  readonly periods: number;
  readonly throttledPeriods: number;
  readonly throttledSeconds: number;
}

/** A workload that its own CPU quota holds back: no neighbour is to blame for that. */
export default detector({
  id: 'cpu-throttled',
  title: 'Throttled by its CPU quota',
  severity: 'warning',

  options: {
    throttledRatio: option(0.25, 'The share of periods in which the quota was used up.'),
    windowSeconds: option(30, 'Over so long.'),
  },

  runbook: {
    meaning: 'A workload uses up its CPU quota in many periods, and waits for the next.',
    impact: 'Its latency gains up to a period at each stop, though the host may have CPU to give.',
    diagnosis: 'Compare `cpu.max` with what it uses; many threads use up a quota in the first moments of a period.',
    mitigation:
      'Raise or lift the quota, and let `cpu.weight` divide what is scarce; or run fewer threads (`GOMAXPROCS`).',
  },

  watch({ throttledRatio, windowSeconds }, { accounts }) {
    const windowMs = windowSeconds * 1_000;
    const byCgroup = new Map<CgroupId, Reading[]>();

    return {
      on: {
        'cgroup-limits'({ at, cgroupId, periods, throttledPeriods, throttledSeconds }) {
          // Of a cgroup without a quota these are not known, or stay zero.
          if (!(periods > 0)) return;
          const readings = byCgroup.get(cgroupId) ?? [];
          readings.push({ at, periods, throttledPeriods, throttledSeconds });
          while (readings.length > 2 && at - readings[1]!.at >= windowMs) readings.shift();
          byCgroup.set(cgroupId, readings);
        },
      },

      *assess(now) {
        for (const [cgroupId, readings] of byCgroup) {
          const [first] = readings;
          const last = readings.at(-1)!;
          if (now - last.at > windowMs) {
            byCgroup.delete(cgroupId);
            continue;
          }
          const spanMs = last.at - first!.at;
          const periods = last.periods - first!.periods;
          if (spanMs < windowMs || periods < (PERIODS_PER_SECOND_MIN * spanMs) / 1_000) continue;
          const ratio = (last.throttledPeriods - first!.throttledPeriods) / periods;
          if (ratio < CLEAR_RATIO * throttledRatio) continue;
          const workload = accounts.workloadOfCgroup(cgroupId, now);
          const lost = last.throttledSeconds - first!.throttledSeconds;
          yield {
            entity: { ...ofWorkload(workload), key: `${workload.name}\n${cgroupId}` },
            // More than so much, so just above it.
            strength:
              ratio > throttledRatio ? Math.max(1, ratio / throttledRatio) : Math.min(0.999, ratio / throttledRatio),
            value: ratio,
            threshold: throttledRatio,
            unit: '1',
            windowMs,
            onsetAt: first!.at,
            culprit: undefined,
            workload,
            facts: [
              fact('periods in which it ran', periods, '{period}', 'cpu.stat', last.at, spanMs),
              fact(
                'of them throttled',
                last.throttledPeriods - first!.throttledPeriods,
                '{period}',
                'cpu.stat',
                last.at,
                spanMs,
              ),
              ...(Number.isNaN(lost) ? [] : [fact('held back for', lost, 's', 'cpu.stat', last.at, spanMs)]),
            ],
          };
        }
      },
    };
  },
});
