import type { AnyDetector } from '../../src/core/detect/contract.ts';
import memoryLeak from '../../src/core/detect/memory-leak.ts';
import oomRisk from '../../src/core/detect/oom-risk.ts';
import { createEngine } from '../../src/core/engine/engine.ts';
import type { Incident } from '../../src/core/model/incident.ts';
import { exec, fork, hostTold, limits, sample } from '../../test/core/support/events.ts';
import type { Watcher } from './watchers.ts';

const PID = 100;
const CGROUP = 7;
const READ_MS = 5_000;
const MEMORY_BYTES = 64 * 2 ** 30;

/** The detectors as they run: a process in a cgroup with a limit, on a host that tells of it as the kernel does. */
export const leaks = (): Watcher => detected(memoryLeak);
export const risks = (): Watcher => detected(oomRisk);

function detected(detector: AnyDetector): Watcher {
  let opened: Incident | undefined;
  const engine = createEngine({
    senses: { lifecycle: true, counts: true, fds: true },
    detection: {
      detectors: [detector],
      onChange: ({ incident }) => {
        opened ??= incident;
      },
    },
  });
  let readAt = Number.NEGATIVE_INFINITY;

  function begin(at: number): void {
    engine.observe({ kind: 'cgroup-made', at, cgroupId: CGROUP, path: '/system.slice/web.service' });
    engine.observe(fork(PID, 1, { at, cgroupId: CGROUP }));
    engine.observe(exec(PID, 'web', { at, cgroupId: CGROUP }));
  }

  function read(at: number, anonymousBytes: number, memoryLimitBytes: number): void {
    readAt = at;
    engine.observe(limits(CGROUP, { at, memoryLimitBytes, memoryBytes: anonymousBytes, anonymousBytes }));
  }

  return {
    observe(at, bytes, limitBytes) {
      if (readAt === Number.NEGATIVE_INFINITY) begin(at);
      if (at - readAt >= READ_MS) read(at, bytes, limitBytes);
      const memory = { memoryTotalBytes: MEMORY_BYTES, memoryAvailableBytes: MEMORY_BYTES - bytes, swapFreeBytes: 0 };
      engine.observe(hostTold({ at, ...memory }));
      engine.observe({ kind: 'snapshot-begin', at });
      engine.observe(sample(PID, { at, cgroupId: CGROUP, anonymousBytes: bytes, sharedBytes: 0, swapBytes: 0 }));
      engine.observe({ kind: 'snapshot-end', at });
      engine.observe({ kind: 'tick', at });
      return opened !== undefined;
    },
    forecastSeconds: () => opened?.forecast?.seconds ?? Number.NaN,
  };
}
