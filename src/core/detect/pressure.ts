import type { Entity } from '../model/finding.ts';
import type { Resource } from '../model/pressure.ts';
import type { CgroupId, Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofWorkload } from './entities.ts';

interface Reading {
  readonly at: Instant;
  readonly seconds: number;
}

interface Course {
  readonly cgroupId: CgroupId;
  readonly resource: Resource;
  readonly readings: Reading[];
}

/**
 * The kernel's own measure of what tasks wait for, high for long.
 *
 * For a CPU it counts when some wait; for memory and IO only when all of them do. What is already getting better is left
 * alone, as systemd-oomd leaves it.
 */
export default detector({
  id: 'pressure',
  title: 'Resource pressure',
  severity: 'warning',

  options: {
    cpuSomeRatio: option(0.4, 'The share of time in which some task waited for a CPU.'),
    memoryFullRatio: option(0.05, 'The share of time in which all tasks waited for memory.'),
    ioFullRatio: option(0.2, 'The share of time in which all tasks waited for IO.'),
    windowSeconds: option(10, 'Over so long.'),
    confirmSeconds: option(60, 'And still so after so long.'),
  },
  confirm: 'confirmSeconds',

  runbook: {
    meaning:
      'Tasks of the host or of a workload wait for a CPU, for memory or for IO, much of the time and for a minute already.',
    impact: 'Everything in it is slower by about that share.',
    diagnosis:
      'For CPU, `culprit blame` says who holds it. For memory, look at who grew; for IO, at who writes, and at the device.',
    mitigation: 'Move or limit what is to blame; where nobody is, the machine is too small for its work.',
  },

  watch({ cpuSomeRatio, memoryFullRatio, ioFullRatio, windowSeconds }, { accounts }) {
    const windowMs = windowSeconds * 1_000;
    const thresholds: Readonly<Partial<Record<Resource, number>>> = {
      cpu: cpuSomeRatio,
      memory: memoryFullRatio,
      io: ioFullRatio,
    };
    const courses = new Map<CgroupId, Map<Resource, Course>>();

    function courseOf(cgroupId: CgroupId, resource: Resource): Course {
      const ofCgroup = courses.get(cgroupId) ?? new Map<Resource, Course>();
      const course = ofCgroup.get(resource) ?? { cgroupId, resource, readings: [] };
      courses.set(cgroupId, ofCgroup.set(resource, course));
      return course;
    }

    function entityOf({ cgroupId, resource }: Course, now: Instant): Entity {
      if (cgroupId === 0) return { kind: 'host', key: resource, name: `host (${resource})` };
      const { name } = ofWorkload(accounts.workloadOfCgroup(cgroupId, now));
      return { kind: 'workload', key: `${name}\n${cgroupId}\n${resource}`, name: `${name} (${resource})` };
    }

    return {
      on: {
        pressure({ at, cgroupId, resource, someSeconds, fullSeconds }) {
          const seconds = resource === 'cpu' ? someSeconds : fullSeconds;
          if (Number.isNaN(seconds) || thresholds[resource] === undefined) return;
          const { readings } = courseOf(cgroupId, resource);
          readings.push({ at, seconds });
          while (readings.length > 2 && at - readings[1]!.at >= windowMs) readings.shift();
        },
      },

      *assess(now) {
        for (const [cgroupId, ofCgroup] of courses) {
          for (const course of ofCgroup.values()) {
            const { readings, resource } = course;
            const threshold = thresholds[resource]!;
            const [first] = readings;
            const last = readings.at(-1)!;
            const spanMs = last.at - first!.at;
            if (now - last.at > 2 * windowMs) courses.delete(cgroupId);
            if (spanMs < windowMs || now - last.at > 2 * windowMs) continue;
            const ratio = ((last.seconds - first!.seconds) * 1_000) / spanMs;
            if (ratio < CLEAR_RATIO * threshold) continue;
            const before = readings.at(-2)!;
            const latest = ((last.seconds - before.seconds) * 1_000) / (last.at - before.at);
            const isRecovering = latest < CLEAR_RATIO * threshold;
            yield {
              entity: entityOf(course, now),
              strength: isRecovering ? CLEAR_RATIO : ratio / threshold,
              value: ratio,
              threshold,
              unit: '1',
              windowMs: spanMs,
              culprit: undefined,
              workload: accounts.workloadOfCgroup(cgroupId, now),
              facts: [
                fact(
                  `stalled for ${resource}`,
                  last.seconds - first!.seconds,
                  's',
                  `${resource}.pressure`,
                  last.at,
                  spanMs,
                ),
              ],
            };
          }
        }
      },
    };
  },
});
