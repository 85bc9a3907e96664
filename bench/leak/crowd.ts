import { HeadRooms } from '../../src/core/detect/head-rooms.ts';
import { LEAK_DEFAULTS } from '../../src/core/detect/leak/options.ts';
import { WatchedProcesses } from '../../src/core/detect/leak/processes.ts';
import { WATCHED_MAX } from '../../src/core/detect/leak/watched.ts';
import { Node } from '../../src/core/tree/node.ts';
import { type Figures, isSmoke } from '../harness/figures.ts';

const MIB = 1 << 20;
const PROCESSES = isSmoke ? 8_192 : 65_536;
const SECONDS = 90;

/** What it takes to watch a host with as many processes as there can be: of those that hold still, and of those that don't. */
export function addCrowd(figures: Figures): void {
  const still = watch(() => 100 * MIB);
  const moving = watch((second) => (100 + 3 * (second % 2)) * MIB);
  figures.add('a process that holds still: memory', still.bytes / PROCESSES, 'bytes');
  figures.add('the same: time of a sample', still.sampleNs, 'ns');
  figures.add(`${PROCESSES} that come and go by 3 MiB: memory`, moving.bytes / MIB, 'MiB', { atMost: 24 });
  figures.add('a watched one: memory', (moving.bytes - still.bytes) / WATCHED_MAX, 'bytes', { atMost: 4_096 });
  figures.add(`${WATCHED_MAX} watched: time of a snapshot`, moving.snapshotMs, 'ms');
  figures.add('not watched for want of room, and counted', moving.refused, '');
}

/** A second is a snapshot; of the times, the best. */
function watch(bytesAt: (second: number) => number) {
  const processes = Array.from({ length: PROCESSES }, (_, pid) => {
    const process = new Node(pid);
    process.begin({ pid, startedNs: pid });
    process.swapBytes = 0;
    return process;
  });
  const before = memory();
  let refused = 0;
  const watched = new WatchedProcesses(new HeadRooms(() => ''), LEAK_DEFAULTS, () => refused++);
  const best = { sampleNs: Number.POSITIVE_INFINITY, snapshotMs: Number.POSITIVE_INFINITY };
  for (let second = 0; second < SECONDS; second++) {
    for (const process of processes) process.anonymousBytes = bytesAt(second);
    const startedAt = performance.now();
    for (const process of processes) watched.sample(process);
    const sampledAt = performance.now();
    watched.observe(second * 1_000);
    // In the first half none is judged yet.
    if (second < SECONDS / 2) continue;
    best.sampleNs = Math.min(best.sampleNs, ((sampledAt - startedAt) * 1e6) / PROCESSES);
    best.snapshotMs = Math.min(best.snapshotMs, performance.now() - sampledAt);
  }
  const bytes = memory() - before;
  // Both are alive until here.
  return { ...best, refused, bytes, watched: [...watched.values()].length, processes: processes.length };
}

/** Typed arrays live outside of the heap. */
function memory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
