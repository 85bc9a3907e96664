import type { OomEvent } from '../../../src/core/model/event.ts';
import { exit, hostTold, limits, ran } from '../support/events.ts';
import type { TestHost } from './host.ts';
import { live } from './memory.ts';

/** What makes a detector fire, just so. */
export interface Scene {
  /** Of its options, those each of which, when doubled, leaves the same scene without an incident. */
  readonly thresholds: readonly string[];
  play(linux: TestHost): void;
}

const SECOND = 1e9;
const SHORT = { lifetimeNs: 5e6 };
const MEASURED = { resource: 'cpu', basis: 'measured', victimId: 200 } as const;

/** Each second for so long, before it passes. */
function eachSecond(linux: TestHost, seconds: number, tell: (second: number) => void): void {
  for (let second = 0; second < seconds; second++) {
    tell(second);
    linux.pass(1_000);
  }
}

/** `pid` has used all of a CPU, and db.service waited behind it. */
function busy(linux: TestHost, pid: number, second: number, waited: number, cgroupId = 100): void {
  linux.snapshot({ pid, cgroupId, used: ran((second + 5) * SECOND) });
  const ns = waited * SECOND;
  linux.tell({
    kind: 'stall',
    at: linux.now,
    ns,
    ...MEASURED,
    owner: { kind: 'cgroup', id: cgroupId },
    holders: [{ pid, ns }],
  });
}

function stalled(
  linux: TestHost,
  resource: 'cpu' | 'memory' | 'io',
  seconds: number,
  some: number,
  full: number,
): void {
  eachSecond(linux, seconds, (second) => {
    const of = { kind: 'pressure', at: linux.now, cgroupId: 0, resource } as const;
    linux.tell({ ...of, someSeconds: 1_000 + some * second, fullSeconds: 1_000 + full * second });
  });
}

/** A process fills 256 MiB in 300 s; so many seconds of it. */
function fill(linux: TestHost, seconds: number): void {
  const pid = linux.spawn('leaky');
  live(linux, seconds, { of: { [pid]: (second) => 6 + (250 * second) / 300 }, limitMib: 256 });
}

/** For each detector, one for each of its thresholds that can be had apart. */
export const SCENES: Readonly<Record<string, readonly Scene[]>> = {
  'circuit-breaker': [
    {
      thresholds: ['pressureRatio', 'busyRatio'],
      play(linux) {
        const pid = linux.spawn('stress', { cgroupId: 300 });
        eachSecond(linux, 25, (second) => {
          busy(linux, pid, second, 0.6, 300);
          const of = { kind: 'pressure', at: linux.now, cgroupId: 0, resource: 'cpu' } as const;
          linux.tell({ ...of, someSeconds: 100 + 0.6 * second, fullSeconds: 0 });
        });
      },
    },
  ],
  'cpu-pinned': [
    {
      thresholds: ['busyRatio', 'windowSeconds', 'waitMilliseconds'],
      play(linux) {
        const pid = linux.spawn('spinner');
        eachSecond(linux, 65, (second) => busy(linux, pid, second, 0.015));
      },
    },
  ],
  'cpu-throttled': [
    {
      thresholds: ['throttledRatio', 'windowSeconds'],
      play(linux) {
        eachSecond(linux, 45, (second) => {
          linux.tell(
            limits(100, {
              at: linux.now,
              periods: 10 * second + 1,
              throttledPeriods: 4 * second,
              throttledSeconds: second,
            }),
          );
        });
      },
    },
  ],
  'crash-loop': [
    {
      thresholds: ['deaths'],
      play(linux) {
        eachSecond(linux, 5, () => linux.end(linux.spawn('payments'), { reason: 'signal', status: 11 }));
      },
    },
  ],
  'exec-loop': [
    {
      thresholds: ['execs'],
      play(linux) {
        const parent = linux.spawn('bash');
        eachSecond(linux, 6, () => linux.end(linux.spawn('curl', { parent }), { reason: 'error', status: 256 }));
      },
    },
  ],
  'fd-exhaustion': [
    {
      thresholds: ['openRatio'],
      play(linux) {
        const pid = linux.spawn('proxy');
        eachSecond(linux, 3, () => linux.snapshot({ pid, fds: 210, fdLimit: 256 }));
      },
    },
    {
      thresholds: ['openRatio'],
      play(linux) {
        eachSecond(linux, 3, () => linux.tell(hostTold({ at: linux.now, filesOpen: 85_000, filesMax: 100_000 })));
      },
    },
  ],
  'fork-bomb': [
    {
      thresholds: ['doublings', 'processes'],
      play(linux) {
        let last = [linux.spawn('bash')];
        for (let generation = 0; generation < 6; generation++) {
          const parents = [...last, ...last];
          last = [];
          for (const parent of parents) {
            linux.pass(150 / parents.length);
            last.push(linux.spawn('bash', { parent }));
          }
        }
      },
    },
  ],
  'fork-burst': [
    {
      thresholds: ['forks'],
      play(linux) {
        linux.forks(linux.spawn('pool'), 100, { overMs: 1_000 });
        linux.pass(1_000);
      },
    },
  ],
  'fork-storm': [
    { thresholds: ['forksPerSecond'], play: (linux) => linux.forks(linux.spawn('bash'), 180, { overMs: 3_500 }) },
  ],
  'memory-leak': [{ thresholds: ['goneRatio'], play: (linux) => fill(linux, 150) }],
  'noisy-neighbour': [
    {
      thresholds: ['waitMilliseconds'],
      play(linux) {
        const pid = linux.spawn('convert');
        eachSecond(linux, 10, (second) => busy(linux, pid, second, 0.15));
      },
    },
  ],
  'oom-kill': [
    {
      thresholds: ['kills'],
      play(linux) {
        const sizes = { totalVmBytes: 0, anonymousBytes: 1e6, fileBytes: 0, sharedBytes: 0, pageTableBytes: 0 };
        const pid = linux.spawn('cache');
        const of = { kind: 'oom', at: linux.now, pid, startedNs: pid, cgroupId: 100, uid: 0, comm: 'cache' } as const;
        linux.tell({ ...of, ...sizes, oomScoreAdj: 0 } satisfies OomEvent);
        linux.pass(1_000);
      },
    },
  ],
  'oom-risk': [{ thresholds: ['goneRatio'], play: (linux) => fill(linux, 200) }],
  'pid-exhaustion': [
    {
      thresholds: ['tasksRatio'],
      play(linux) {
        linux.tell(limits(100, { at: linux.now, pids: 420, pidsMax: 512 }));
        linux.pass(1_000);
      },
    },
    {
      thresholds: ['tasksRatio'],
      play(linux) {
        linux.tell(hostTold({ at: linux.now, tasks: 27_000, tasksMax: 32_768 }));
        linux.pass(1_000);
      },
    },
  ],
  pressure: [
    { thresholds: ['cpuSomeRatio', 'confirmSeconds'], play: (linux) => stalled(linux, 'cpu', 80, 0.5, 0) },
    { thresholds: ['memoryFullRatio', 'confirmSeconds'], play: (linux) => stalled(linux, 'memory', 80, 0.2, 0.08) },
    { thresholds: ['ioFullRatio', 'confirmSeconds'], play: (linux) => stalled(linux, 'io', 80, 0.5, 0.3) },
  ],
  'runaway-tree': [
    {
      thresholds: ['processes'],
      play: (linux) => linux.forks(linux.spawn('bash'), 600, { overMs: 50_000, lives: true }),
    },
  ],
  'short-lived-churn': [
    {
      thresholds: ['exitsPerSecond', 'shortRatio'],
      play: (linux) => linux.forks(linux.spawn('lighttpd'), 500, { overMs: 13_000, more: SHORT }),
    },
  ],
  'stuck-io': [
    {
      thresholds: ['tasks', 'blockedSeconds'],
      play(linux) {
        const pid = linux.spawn('worker');
        eachSecond(linux, 8, (second) => {
          const { now: at } = linux;
          linux.tell({ kind: 'snapshot-begin', at });
          for (const tid of [1, 2, 3, 4, 5]) {
            const of = { kind: 'blocked', at, pid, startedNs: pid, tid, site: 'folio_wait_bit_common' } as const;
            linux.tell({ ...of, blockedMs: second * 1_000 });
          }
          linux.tell({ kind: 'idle-sample', at, pid, startedNs: pid }, { kind: 'snapshot-end', at });
        });
      },
    },
  ],
  zombies: [
    {
      thresholds: ['zombies', 'ageSeconds'],
      play(linux) {
        const parent = linux.spawn('supervisor');
        for (let each = 0; each < 21; each++) linux.tell(exit(linux.spawn('worker', { parent }), { at: linux.now }));
        linux.pass(70_000);
      },
    },
  ],
};
