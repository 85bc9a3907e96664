import type { Matrix } from '../blame/matrix.ts';
import { coveredMs } from '../blame/window.ts';
import type { Instant } from '../model/units.ts';
import type { Workload } from '../model/workload.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, OF_HOST } from './entities.ts';

const NS_PER_MS = 1e6;

interface Blamed {
  readonly workload: Workload;
  ns: number;
  pid: number;
  pidNs: number;
}

/** Behind whom all of the host waited longest for a CPU, and behind which process of it; its own tasks' waits count too. */
function mostBlamed(blame: Matrix, now: Instant, windowMs: number): Blamed | undefined {
  const byName = new Map<string, Blamed>();
  for (const { resource, offenderWorkload, window, holders } of blame.pairs()) {
    if (resource !== 'cpu' || offenderWorkload === undefined) continue;
    const blamed = byName.get(offenderWorkload.name) ?? { workload: offenderWorkload, ns: 0, pid: 0, pidNs: 0 };
    byName.set(offenderWorkload.name, blamed);
    blamed.ns += window.sum(now, windowMs);
    const [heaviest] = holders.list(now, windowMs);
    if (heaviest === undefined || heaviest.ns <= blamed.pidNs) continue;
    blamed.pid = heaviest.pid;
    blamed.pidNs = heaviest.ns;
  }
  return [...byName.values()].sort((one, other) => other.ns - one.ns)[0];
}

/**
 * The host has no CPU left and tasks wait for one: the moment at which a person would stop something, and whom to stop.
 *
 * Pressure alone is a quota at work, and CPU alone is a machine that earns its keep; only both are an overload.
 */
export default detector({
  id: 'circuit-breaker',
  title: 'The host is out of CPU',
  severity: 'critical',

  options: {
    pressureRatio: option(0.4, 'The share of time in which some task of the host waited for a CPU.'),
    busyRatio: option(0.9, 'And the share of all CPUs that was in use.'),
    windowSeconds: { ...option(15, 'Both for so long.'), minimum: 4, maximum: 60 },
  },

  runbook: {
    meaning: 'All CPUs are in use, and for much of the time tasks wait for one.',
    impact: 'Everything on the host is slow, logins and health checks too, and what times out is tried again.',
    diagnosis: 'The culprit is behind whom most was waited for; its lineage says which job or service began it.',
    mitigation: 'Stop or freeze its unit, or lower its `cpu.weight`; nothing here does that by itself.',
  },

  watch({ pressureRatio, busyRatio, windowSeconds }, { tree, cpuUse, blame, cpus }) {
    const windowMs = windowSeconds * 1_000;
    const readings: { readonly at: Instant; readonly seconds: number }[] = [];

    return {
      on: {
        pressure({ at, cgroupId, resource, someSeconds }) {
          if (cgroupId !== 0 || resource !== 'cpu' || Number.isNaN(someSeconds)) return;
          readings.push({ at, seconds: someSeconds });
          while (readings.length > 2 && at - readings[1]!.at >= windowMs) readings.shift();
        },
      },

      *assess(now) {
        const [first] = readings;
        const last = readings.at(-1);
        if (first === undefined || last === undefined || last.at - first.at < windowMs || now - last.at > windowMs)
          return;
        const stalled = ((last.seconds - first.seconds) * 1_000) / (last.at - first.at);
        if (stalled < CLEAR_RATIO * pressureRatio) return;
        const usedNs = [...cpuUse.names()].reduce((sum, name) => sum + cpuUse.sum(name, now, windowMs), 0);
        const busy = usedNs / NS_PER_MS / coveredMs(now, windowMs) / cpus;
        const strength = Math.min(stalled / pressureRatio, busy / busyRatio);
        if (strength < CLEAR_RATIO) return;

        const blamed = mostBlamed(blame, now, windowMs);
        yield {
          entity: OF_HOST,
          strength,
          value: stalled,
          threshold: pressureRatio,
          unit: '1',
          windowMs,
          culprit: blamed && tree.latest(blamed.pid),
          workload: blamed?.workload,
          facts: [
            fact(
              'some task waited for a CPU',
              last.seconds - first.seconds,
              's',
              '/proc/pressure/cpu',
              last.at,
              last.at - first.at,
            ),
            fact('share of all CPUs in use', busy, '1', 'iter/task', now, windowMs),
            ...(blamed === undefined
              ? []
              : [
                  fact(
                    `waited for behind ${blamed.workload.name}`,
                    blamed.ns / 1e9,
                    's',
                    'blame matrix, cpu',
                    now,
                    windowMs,
                  ),
                ]),
          ],
        };
      },
    };
  },
});
