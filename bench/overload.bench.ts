/**
 * When more happens than the ring can hold, is that told exactly? A ring of 64 KiB, drained once a second, under a storm.
 * In process, so that the tree can be held against /proc.
 */
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine, type Engine } from '../src/core/engine/engine.ts';
import { type EventCount, type Kernel, openKernel } from '../src/kernel/index.ts';
import { Cgroup } from '../test/support/cgroup.ts';
import { scratch } from '../test/support/scratch.ts';
import { Figures, isSmoke, progress } from './harness/figures.ts';
import { loadPath, run } from './harness/load.ts';

const PROCESSES = isSmoke ? 2_000 : 20_000;
const RING_BYTES = 65_536;

const figures = new Figures('overload: a ring that is too small, told exactly');
const cgroup = new Cgroup('culprit-overload');
let engine: Engine | undefined;
const now = () => Number(process.hrtime.bigint()) / 1e6;
const kernel = await openKernel({
  mode: 'bpf',
  roots: { proc: '/proc', cgroup: '' },
  objectPath: '',
  ringBytes: RING_BYTES,
  drainHz: 1,
  snapshotSeconds: 0.5,
  cgroupSeconds: 5,
  blameIo: 'off',
  pressureSeconds: 1,
  stepDownPercent: 0.8,
  stopPercent: 1.5,
  emit: (event) => engine?.observe(event),
  now,
  warn: (message) => progress(message),
});
engine = createEngine({ senses: { lifecycle: true, counts: true, fds: true } });
await kernel.start();

progress(`${PROCESSES} processes past a ring of ${RING_BYTES / 1024} KiB`);
const truth = await run('launch', cgroup.procs, spec());
const counts = await settled(kernel);
const lost = counts.reduce((sum, count) => sum + count.lost, 0);

figures.add('events lost', lost, '', { atLeast: 1 });
for (const { kind, produced, lost: gone, delivered } of counts.filter(({ produced: made }) => made > 0)) {
  figures.add(`${kind}: produced − delivered − lost`, produced - delivered - gone, '', { exactly: 0 });
}
const produced = counts.find(({ kind }) => kind === 'fork')!.produced;
figures.add('fork events produced, of the forks made there', Math.min(1, produced / truth.started), 'ratio', {
  exactly: 1,
});
figures.add('forks of the cgroup', counted('forks'), '', { exactly: truth.started });
figures.add('execs of the cgroup', counted('execs'), '', { exactly: truth.started });
// The launcher itself ends there too.
figures.add('exits of the cgroup, ok', counted('exits_ok'), '', { exactly: truth.ok + 1 });
figures.add('exits of the cgroup, error', counted('exits_error'), '', { exactly: truth.error });
figures.add('exits of the cgroup, signal', counted('exits_signal'), '', { exactly: truth.signal });
const cpuSeconds = counted('cpu_user_seconds') + counted('cpu_system_seconds');
const kernelSeconds = (truth.childCpuUs + truth.ownCpuUs) / 1e6;
figures.add('CPU of the cgroup, of what the kernel counted', cpuSeconds / kernelSeconds, 'ratio', { atLeast: 0.95 });
figures.add('processes that the tree and /proc disagree on', await disagreement(), '', { exactly: 0 });

await kernel.stop();
figures.finish();
process.exit();

/** The counts once all that was produced is delivered or lost, and the kernel's own were read after. */
async function settled(of: Kernel): Promise<EventCount[]> {
  const exits = () => counted('exits_ok') + counted('exits_error') + counted('exits_signal');
  for (let tries = 0; tries < 600 && exits() < truth.started + 1; tries++) await sleep(100);
  // What a process used is told last, when it was waited for, and that may be lost by itself.
  await sleep(5_000);
  return closed(of);
}

/** Others on the host make events as well, so at some moments a few are on their way. */
async function closed(of: Kernel): Promise<EventCount[]> {
  const isOpen = ({ produced: made, delivered, lost: gone }: EventCount) => made !== delivered + gone;
  for (let tries = 0; ; tries++) {
    const found = of.eventCounts();
    if (tries === 600 || !found.some(isOpen)) return found;
    await sleep(100);
  }
}

/** Over all groups of the cgroup, those that stand for lost events included. */
function counted(column: string): number {
  const { groups } = engine!.accounts;
  const values = groups.columns[groups.column(column)]!;
  let total = 0;
  for (const slot of groups.live.subarray(0, groups.size)) {
    if (groups.labels[slot]![1] === cgroup.path) total += values[slot]!;
  }
  return total;
}

/** The least over some looks: a process may start or end between the snapshot and our look. */
async function disagreement(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 60 && least > 0; look++) {
    await sleep(300);
    const known = new Set(engine!.tree.live.map(({ pid }) => pid));
    const there = new Set(visiblePids());
    least = Math.min(least, known.symmetricDifference(there).size);
  }
  return least;
}

/** Some hosts hide processes of their own from the task iterator; they hide their namespaces from root too. */
function visiblePids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && isVisible(name))
    .map(Number);
}

function isVisible(pid: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) !== '';
  } catch {
    return false; // hidden, or it ended between the listing and now
  }
}

function spec(): string {
  const ends = ['ok', 'ok', 'ok', 'error', 'signal'];
  const lines = Array.from({ length: PROCESSES }, (_, index) => `0 ${loadPath} 0 0 ${ends[index % ends.length]}\n`);
  const file = `${scratch}/overload-spec`;
  writeFileSync(file, lines.join(''));
  return file;
}
