/** What it costs to read the files of a thousand cgroups, and whether anything of those that are gone stays. */
import { readdirSync, readlinkSync, readSync } from 'node:fs';
import { threadCpuMs } from '../src/kernel/thread-cpu.ts';
import { CgroupReading, EVERY_MS } from './harness/cgroup-reading.ts';
import { memoryAfterCollection } from './harness/collect-garbage.ts';
import { Crowd } from './harness/crowd.ts';
import { Figures, isSmoke, progress } from './harness/figures.ts';

const CGROUPS = isSmoke ? 100 : 1_000;
const CHURNED = isSmoke ? 500 : 5_000;
/** So many that each limit is read again as often as it is in a running Culprit. */
const PASSES = isSmoke ? 8 : 16;
/** The kernel tells CPU in steps of a tick, so that only much of it is known well. */
const PREAD_ROUNDS = 20;
const FORGOTTEN_AFTER_MS = 11 * 60_000;
const SETTLE_EVERY_MS = 60_000;
const MEGABYTE = 1e6;

const figures = new Figures(`workloads: ${CGROUPS} cgroups`);
const reading = new CgroupReading();
reading.passes.seed();
warmUp();

const rssBefore = memoryAfterCollection().rss;
const crowd = new Crowd(CGROUPS);
settle();
await measure('a pass, none of them ran since the last', 0);
await measure('a pass, one in ten ran', CGROUPS / 10, { atMost: 10, smoke: 40 });
await measure('a pass, all of them ran', CGROUPS);
measureFloor();
const { rss } = memoryAfterCollection();
figures.add('RSS, more than without them', (rss - rssBefore) / MEGABYTE, 'MB', { atMost: 10, smoke: 20 });
crowd.remove();

// What grows with the first is kept for the next.
churn(CGROUPS);
const few = memoryAfterCollection();
churn(CHURNED);
const many = memoryAfterCollection();
figures.add(`heap after ${CHURNED} more came and went`, many.heapUsed / few.heapUsed, 'ratio', { atMost: 1.05 });
figures.add('RSS, more than before those', (many.rss - few.rss) / MEGABYTE, 'MB', { atMost: 1, smoke: 5 });
figures.add('files that stay open', keptDescriptors().length, '', { exactly: 0 });
reading.close();
figures.finish();
process.exit();

async function measure(name: string, visited: number, bar = {}): Promise<void> {
  progress(`${PASSES} passes, with ${visited} visits before each`);
  let [ms, longestMs] = [0, 0];
  // The first two still see what was before.
  for (let pass = -2; pass < PASSES; pass++) {
    await crowd.visit(visited);
    reading.skip(EVERY_MS);
    const taken = reading.readAll(false);
    if (pass < 0) continue;
    ms += taken.cpuMs;
    longestMs = Math.max(longestMs, taken.longestTurnMs);
  }
  figures.add(name, ms / PASSES, 'ms of CPU', bar);
  figures.add('  its longest turn, by the clock', longestMs, 'ms');
}

/** What the kernel and Node take for its files, whoever asks for them: the floor under a pass that reads all. */
function measureFloor(): void {
  const fds = keptDescriptors();
  const buffer = Buffer.alloc(16 * 1024);
  const beganMs = threadCpuMs();
  for (let round = 0; round < PREAD_ROUNDS; round++) for (const fd of fds) readSync(fd, buffer, 0, buffer.length, 0);

  figures.add(
    '  the files of these, each read once and no more',
    (threadCpuMs() - beganMs) / PREAD_ROUNDS,
    'ms of CPU',
  );
  figures.add('  so many files', fds.length, '');
}

function churn(count: number): void {
  progress(`making and removing ${count}`);
  for (let made = 0; made < count; made += CGROUPS) {
    const some = new Crowd(CGROUPS);
    reading.readAll(true);
    some.remove();
    reading.readAll(true);
  }
  reading.skip(FORGOTTEN_AFTER_MS);
  for (let pass = 0; pass < 2; pass++) reading.readAll(true);
}

/** Until they are no news any more: of those just made the limits are read again and again. */
function settle(): void {
  for (let pass = 0; pass < 12; pass++) {
    reading.readAll(pass === 0);
    reading.skip(SETTLE_EVERY_MS);
  }
}

/** What is compiled and grown once is no growth. */
function warmUp(): void {
  const some = new Crowd(CGROUPS / 10);
  for (let pass = 0; pass < 20; pass++) {
    reading.skip(EVERY_MS);
    reading.readAll(true);
  }
  some.remove();
  reading.readAll(true);
}

function keptDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => linkOf(fd).includes(`/${Crowd.NAME}/`));
}

function linkOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch (error) {
    // The listing's own is gone by now.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
