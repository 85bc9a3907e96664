import type { Finding } from '../model/finding.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { ofProcess, ofWorkload } from './entities.ts';
import { HeadRooms, isWithin, type Room } from './head-rooms.ts';
import { distinct, type Leak } from './leak/distinct.ts';
import { forecastOf, growerFact, growthOf } from './leak/facts.ts';
import { type Grade, gradeOf, horizonsAt } from './leak/grades.ts';
import { LEAK_DEFAULTS, type LeakOptions } from './leak/options.ts';
import { WatchedProcess, WatchedProcesses } from './leak/processes.ts';
import type { LeakEvidence } from './leak/series.ts';
import { WatchedWorkload, WatchedWorkloads } from './leak/workloads.ts';

/** Who has so much of a workload's growth is to blame for it. */
const MOST = 0.5;

interface Growing extends Leak {
  readonly watched: WatchedProcess | WatchedWorkload;
  readonly evidence: LeakEvidence;
  readonly grade: Grade;
}

/**
 * Memory that is taken and never given back, by a process or by a workload.
 *
 * Growth alone is no leak: caches fill, heaps warm up, batches come and go. It is told when it has gone on, surely and
 * without slowing down, until so much of the head-room is gone that no usual cache takes as much.
 */
export default detector({
  id: 'memory-leak',
  title: 'Memory grows without end',
  severity: 'warning',

  options: {
    goneRatio: option(0.4, 'The share of the head-room, as it was when the growth began, that must be gone.'),
    infoRatio: option(1, 'From so much on growth is told already, as info; never, if it is not below `goneRatio`.'),
    growthBytes: option(
      LEAK_DEFAULTS.growthBytesMin,
      'Less growth is none; or a tenth of the limit, where that is less.',
    ),
    lifetimeSeconds: option(20, 'What a process takes in the first so many seconds of its life is its start.'),
    criticalSeconds: option(900, 'Critical when the limit will be reached within so long.'),
  },

  runbook: {
    meaning:
      'The memory of a process, or of a workload as a whole, has grown without a rest and without slowing down, and nears a limit.',
    impact: 'At the limit the kernel kills a process of it. Before that, all in it may have to wait for memory.',
    diagnosis:
      'The evidence has the rate, and how long it was seen. Compare two heap profiles some time apart. Where a workload is named and no process, many grow a little, or ever more are started.',
    mitigation:
      'Restart it while you can choose when; then find what keeps the references. A cache without a bound looks the same: give it one. A higher limit only buys time.',
  },

  watch({ goneRatio, infoRatio, growthBytes, lifetimeSeconds, criticalSeconds }, { accounts, isBuilder, refuse }) {
    const thresholds = { goneRatio, infoRatio };
    const options: LeakOptions = {
      ...LEAK_DEFAULTS,
      ...horizonsAt(thresholds),
      settleMs: lifetimeSeconds * 1_000,
      growthBytesMin: growthBytes,
      criticalMs: criticalSeconds * 1_000,
    };
    const rooms = new HeadRooms((id) => accounts.cgroups.of(id)?.path ?? '');
    const processes = new WatchedProcesses(rooms, options, refuse);
    const workloads = new WatchedWorkloads(options, refuse);

    function* growing(all: Iterable<Growing['watched']>): Generator<Growing> {
      for (const watched of all) {
        const { level, evidence } = watched.series;
        if (level === 'none' || evidence === undefined) {
          watched.standing = 'new';
          continue;
        }
        const grade = gradeOf(level, evidence, thresholds);
        const isWorkload = watched instanceof WatchedWorkload;
        const room = isWorkload ? watched.room : rooms.of(watched.process.cgroupId);
        const slope = evidence.slopeBytesPerSecond;
        yield { watched, evidence, grade, room, isWorkload, slope, opens: grade.strength >= 1 };
      }
    }

    /** The process in it that gained most while it grew. */
    function growerIn(room: Room, windowMs: number): { readonly process: Process; readonly bytes: number } | undefined {
      let most: { process: Process; bytes: number } | undefined;
      for (const { process, series } of processes.values()) {
        const bytes = series.gainedIn(windowMs);
        if (bytes > (most?.bytes ?? 0) && isWithin(rooms.of(process.cgroupId), room)) most = { process, bytes };
      }
      return most;
    }

    function about({ watched, evidence }: Growing, now: Instant): Omit<Finding, keyof Grade | 'forecast'> {
      if (watched instanceof WatchedProcess) {
        const { process } = watched;
        const workload = accounts.workloadOf(process);
        return { entity: ofProcess(process), culprit: process, workload, ...growthOf(evidence, 'iter/task', now, []) };
      }
      const workload = accounts.workloadOfCgroup(watched.room.cgroupId, now);
      const windowMs = evidence.windowSeconds * 1_000;
      const most = growerIn(watched.room, windowMs);
      const facts = most === undefined ? [] : [growerFact(most.process, most.bytes, windowMs, now)];
      return {
        entity: ofWorkload(workload),
        culprit: most !== undefined && most.bytes >= MOST * evidence.growthBytes ? most.process : undefined,
        workload,
        ...growthOf(evidence, 'memory.stat', now, facts),
      };
    }

    function holderOf({ room }: Growing, now: Instant): string | undefined {
      const { holder } = rooms.tightest(room);
      return holder && accounts.workloadOfCgroup(holder.cgroupId, now).name;
    }

    return {
      on: {
        'process-sample'(_, process) {
          if (process !== undefined) processes.sample(process);
        },
        exec(_, process) {
          if (process !== undefined) processes.forget(process);
        },
        'snapshot-end': ({ at }) => processes.observe(at),
        host: (event) => rooms.observeHost(event),
        'cgroup-limits'(event) {
          const room = rooms.observe(event);
          if (room === undefined || !accounts.cgroups.of(event.cgroupId)?.isWhole) return;
          workloads.observe(room, rooms.tightest(room).bytes);
        },
        'cgroup-removed'({ cgroupId }) {
          rooms.remove(cgroupId);
          workloads.forget(cgroupId);
        },
        oom: ({ cgroupId, at }) => workloads.restart(rooms.of(cgroupId), at),
      },

      *assess(now) {
        for (const leak of distinct([...growing(processes.values()), ...growing(workloads.living(now))])) {
          const finding = about(leak, now);
          if (finding.culprit !== undefined && isBuilder(finding.culprit)) continue;
          yield { ...finding, ...leak.grade, forecast: forecastOf(leak.evidence, holderOf(leak, now)) };
        }
      },
    };
  },
});
