import type { ProcessSampleEvent } from '../model/event.ts';
import type { Process } from '../model/process.ts';
import type { Instant } from '../model/units.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, ofProcess } from './entities.ts';
import { heldUp } from './held-up.ts';

const NS_PER_MS = 1e6;
/** Two looks that far apart and none between, where snapshots come more often: what was meanwhile is not known. */
const GAP_MS_MIN = 5_000;
/** Snapshots are 60 s apart where they are dear, and 300 s where an operator wants it so. */
const GAP_MS_MAX = 330_000;
/** One may be late; if one is missing, the way is twice as long. */
const LATE_RATIO = 1.5;

interface Stretch {
  readonly pid: number;
  readonly startedNs: number;
  /** When it began to run without a rest, and what it had used by then. */
  fromAt: Instant;
  fromNs: number;
  at: Instant;
  ns: number;
}

/**
 * A thread that never rests on its CPU, and others that wait for it.
 *
 * A thread that nobody waits behind may run as long as it likes: that is what a CPU is for.
 */
export default detector({
  id: 'cpu-pinned',
  title: 'A thread that keeps a CPU',
  severity: 'warning',

  options: {
    busyRatio: option(0.95, 'The share of one CPU that one thread uses.'),
    windowSeconds: option(60, 'For so long without a rest.'),
    waitMilliseconds: option(
      600,
      'Task-time that one other workload waited behind its process in the last minute, at least.',
    ),
  },

  runbook: {
    meaning: 'One thread has used a whole CPU for a minute, while tasks of others waited for its process.',
    impact: 'What shares that CPU with it waits up to a time slice for each turn.',
    diagnosis: 'Is it work or a spin? `perf top -p PID` says where it runs; `culprit blame` says who waits behind it.',
    mitigation:
      'If it is a spin, restart it. If it is work, lower its weight (`CPUWeight=`, `nice`) or give it a CPU of its own.',
  },

  watch({ busyRatio, windowSeconds, waitMilliseconds }, { tree, accounts, blame }) {
    const windowMs = windowSeconds * 1_000;
    /** By tid, which is the pid for a leader. */
    const stretches = new Map<number, Stretch>();
    let begunAt: Instant | undefined;
    /** How far the last look may lie before this snapshot, as those before it were apart; and before the next. */
    let gapMs = GAP_MS_MIN;
    let nextGapMs = GAP_MS_MIN;

    function note(tid: number, pid: number, startedNs: number, at: Instant, ns: number): void {
      const stretch = stretches.get(tid);
      if (stretch === undefined || stretch.startedNs !== startedNs) {
        stretches.set(tid, { pid, startedNs, fromAt: at, fromNs: ns, at, ns });
        return;
      }
      const isBusy = (ns - stretch.ns) / NS_PER_MS >= CLEAR_RATIO * busyRatio * (at - stretch.at);
      if (!isBusy || at - stretch.at > gapMs) {
        stretch.fromAt = at;
        stretch.fromNs = ns;
      }
      stretch.at = at;
      stretch.ns = ns;
    }

    function processOf({ pid, startedNs }: Stretch): Process | undefined {
      const process = tree.get(pid);
      return process?.startedNs === startedNs ? process : undefined;
    }

    return {
      on: {
        'snapshot-begin'({ at }) {
          const everyMs = at - (begunAt ?? at);
          gapMs = nextGapMs;
          nextGapMs = Math.max(GAP_MS_MIN, Math.min(everyMs * LATE_RATIO, GAP_MS_MAX));
          begunAt = at;
        },
        'process-sample'(event) {
          const ns = ofLeader(event);
          if (!event.isKernelThread && !Number.isNaN(ns)) note(event.pid, event.pid, event.startedNs, event.at, ns);
        },
        'thread-sample'({ tid, pid, startedNs, at, used }) {
          note(tid, pid, startedNs, at, used.runtimeNs);
        },
      },

      *assess(now) {
        for (const [tid, stretch] of stretches) {
          const isOld = now - stretch.at > nextGapMs;
          // Who has not run is not told again.
          if (isOld) stretches.delete(tid);
          const spanMs = stretch.at - stretch.fromAt;
          if (isOld || spanMs < windowMs) continue;
          const ratio = (stretch.ns - stretch.fromNs) / NS_PER_MS / spanMs;
          const process = processOf(stretch);
          const waiting = process && heldUp(blame, process, now);
          if (process === undefined || waiting === undefined) continue;
          const strength = Math.min(ratio / busyRatio, waiting.ns / NS_PER_MS / waitMilliseconds);
          if (strength < CLEAR_RATIO) continue;
          const entity = ofProcess(process);
          yield {
            entity: { ...entity, key: `${entity.key}/${tid}`, name: `${entity.name}, thread ${tid}` },
            strength,
            value: ratio,
            threshold: busyRatio,
            unit: '1',
            windowMs: spanMs,
            onsetAt: stretch.fromAt,
            culprit: process,
            workload: accounts.workloadOf(process),
            victim: waiting.victim,
            facts: [
              fact('CPU time of the thread', (stretch.ns - stretch.fromNs) / 1e9, 's', 'iter/task', stretch.at, spanMs),
              fact(
                `${waiting.victim.name} waited behind the process`,
                waiting.ns / 1e9,
                's',
                'blame matrix, cpu',
                now,
                60_000,
              ),
            ],
          };
        }
      },
    };
  },
});

/** Of the thread alone. Where only the process is counted, that is known of one that has no other threads. */
function ofLeader({ leaderRuntimeNs, threads, used }: ProcessSampleEvent): number {
  return Number.isNaN(leaderRuntimeNs) && threads === 1 ? used.runtimeNs : leaderRuntimeNs;
}
