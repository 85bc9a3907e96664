import type { Fact, Finding } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, OF_HOST, ofWorkload } from './entities.ts';
import { HeadRooms, isWithin, type Room } from './head-rooms.ts';
import { forecastOf, growerFact, growthOf } from './leak/facts.ts';
import { horizonsOf } from './leak/grades.ts';
import { HostMemory } from './leak/host-memory.ts';
import { type Gained, LATELY_MS, mostGained } from './leak/lately.ts';
import { LEAK_DEFAULTS, type LeakOptions } from './leak/options.ts';
import type { LeakSeries } from './leak/series.ts';
import { WatchedWorkloads } from './leak/workloads.ts';

/** Whatever fills it: growth may be of steps, and slow down somewhat, as long as it will not stop before the end. */
const ANY_GROWTH: LeakOptions = {
  ...LEAK_DEFAULTS,
  settleMs: 0,
  zMin: 3,
  fallingStepsShareMax: 0.4,
  jumpShareMax: 0.6,
  topJumpsShareMax: 0.9,
};

/**
 * Memory that is about to run out, at the rate of now, whatever the reason.
 *
 * A leak is a trend without an end, of whoever it may be; this is about who has the limit, and the end is near. What the
 * kernel can take back, files above all, is no risk: only memory that can't be given back counts, and of the host what is
 * not available.
 */
export default detector({
  id: 'oom-risk',
  title: 'Memory is about to run out',
  severity: 'critical',

  options: {
    forecastSeconds: option(900, 'The limit will be reached within so long, at the rate of now.'),
    goneRatio: option(0.5, 'And so much of what was left when the growth began is gone: a start grows too, and stops.'),
  },

  runbook: {
    meaning: 'A workload, or the host, takes memory at a rate at which its limit is reached within minutes.',
    impact:
      'At the limit the kernel kills a process of it, not always the one that grew; before that, all of it may have to wait.',
    diagnosis:
      'The culprit is who grew most in the last minute, and the evidence has its part. Is it a leak, more load, or a job that needs so much?',
    mitigation:
      'Stop or restart who grows, or raise the limit while there is time: `memory.max` can be changed at once, without a restart.',
  },

  watch({ forecastSeconds, goneRatio }, { accounts, tree, refuse }) {
    const options: LeakOptions = {
      ...ANY_GROWTH,
      warningHorizons: horizonsOf(goneRatio),
      criticalMs: forecastSeconds * 1_000,
    };
    const rooms = new HeadRooms((id) => accounts.cgroups.of(id)?.path ?? '');
    const workloads = new WatchedWorkloads(options, refuse);
    const host = new HostMemory(options);

    function* inRoom(room: Room): Generator<Process> {
      for (const process of tree.live) if (isWithin(rooms.of(process.cgroupId), room)) yield process;
    }

    function assess(series: LeakSeries, room: Room | undefined, now: Instant): Finding | undefined {
      const { level, evidence } = series;
      if (evidence === undefined) return undefined;
      const { forecastSeconds: seconds } = evidence;
      const ratio = forecastSeconds / Math.max(1, seconds);
      const strength = level === 'critical' ? Math.max(1, ratio) : Math.min(0.999, ratio);
      if (strength < CLEAR_RATIO) return undefined;
      const most = mostGained(accounts, room === undefined ? tree.live : inRoom(room), now);
      const gained = series.gainedIn(LATELY_MS);
      const source = room === undefined ? '/proc/meminfo' : 'memory.stat';
      const workload = room && accounts.workloadOfCgroup(room.cgroupId, now);
      return {
        ...growthOf(evidence, source, now, most === undefined ? [] : partOf(most, gained, now)),
        entity: workload === undefined ? OF_HOST : ofWorkload(workload),
        strength,
        value: seconds,
        threshold: forecastSeconds,
        unit: 's',
        culprit: most?.process,
        workload: workload ?? (most && accounts.workloadOf(most.process)),
        forecast: forecastOf(evidence, workload?.name),
      };
    }

    return {
      on: {
        host: (event) => host.observe(event),
        'cgroup-limits'(event) {
          const room = rooms.observe(event);
          // Whoever inherits a limit does not reach it before its owner does.
          if (room === undefined || room.limitBytes === room.parent?.limitBytes) return;
          workloads.observe(room, room.limitBytes - room.anonymousBytes);
        },
        'cgroup-removed'({ cgroupId }) {
          rooms.remove(cgroupId);
          workloads.forget(cgroupId);
        },
        oom: ({ cgroupId, at }) => workloads.restart(rooms.of(cgroupId), at),
      },

      *assess(now) {
        const findings = [assess(host.series, undefined, now)];
        for (const { series, room } of workloads.living(now)) findings.push(assess(series, room, now));
        yield* findings.filter((finding) => finding !== undefined);
      },
    };
  },
});

/** Its part of what was gained in the last minute, by others too. */
function partOf({ process, bytes }: Gained, gained: number, now: Instant): Fact[] {
  const share = Math.min(1, bytes / gained);
  return [
    growerFact(process, bytes, LATELY_MS, now),
    ...(share > 0 ? [fact('of the growth of the last minute', share, '1', 'iter/task', now, LATELY_MS)] : []),
  ];
}
