/** What an event costs: in CPU of ours, in time of those who fork, and how fast a full ring is emptied. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Decoder } from '../src/core/wire/decoder.ts';
import { Probes } from '../src/kernel/probes.ts';
import { RingReader } from '../src/libbpf-ts/index.ts';
import { Exporter } from '../test/support/exporter.ts';
import { sum } from '../test/support/samples.ts';
import { Figures, isSmoke, median, progress } from './harness/figures.ts';
import { loadPath, nothingPath, run, type Truth } from './harness/load.ts';
import { ratio, spent } from './harness/spent.ts';

const CYCLES = isSmoke ? 8_000 : 20_000;
const STORM_FORKS = isSmoke ? 30_000 : 150_000;
const ROUNDS = isSmoke ? 3 : 7;

const figures = new Figures('events: cost of fork + exec + exit');
await costPerEvent();
await fastestForks();
drainThroughput();
await slowdown();
figures.finish();
process.exit();

/** CPU of the exporter and of its programs while processes start and end, less what it spends on a quiet host. */
async function costPerEvent(): Promise<void> {
  progress(`${CYCLES} processes, one after another`);
  const exporter = await Exporter.start();
  await sleep(5_000); // the start is over, and the memory that it needed given back
  await run('spawns', String(2 * CYCLES), nothingPath); // compiled code
  const perThousand: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const idle = await spent(exporter, () => sleep(3_000));
    const busy = await spent(exporter, () => run('spawns', String(CYCLES), nothingPath));
    perThousand.push(((ratio(busy) - ratio(idle)) * busy.wallMs) / (CYCLES / 1_000));
  }
  await exporter.stop();
  figures.add('CPU per 1,000 fork + exec + exit', median(perThousand), 'ms', { atMost: 5, smoke: 30 });
}

/** Two loops that only fork, one for each CPU: nothing on this host forks faster. */
async function fastestForks(): Promise<void> {
  progress(`2 × ${STORM_FORKS} forks, as fast as they come`);
  // In a smoke run the ring takes them all: how soon a busy machine gives Culprit a CPU says nothing of Culprit.
  const exporter = await Exporter.start(isSmoke ? 'kernel: {ringBytes: 33554432}' : '');
  const before = await exporter.scrape();
  const loops = await Promise.all([run('forks', String(STORM_FORKS)), run('forks', String(STORM_FORKS))]);
  const told = (page: Awaited<ReturnType<Exporter['scrape']>>) => sum(page, 'culprit_events_total', { kind: 'fork' });
  const after = await exporter.settle((page) => told(page) - told(before) >= 2 * STORM_FORKS, 60_000);
  await exporter.stop();

  const wallSeconds = Math.max(...loops.map(({ wallNs }) => wallNs)) / 1e9;
  figures.add('fastest forks', (2 * STORM_FORKS) / wallSeconds, '/s');
  figures.add('events lost', sum(after, 'culprit_events_lost_total') - sum(before, 'culprit_events_lost_total'), '', {
    exactly: 0,
  });
  figures.add('forks told, of those made', Math.min(1, (told(after) - told(before)) / (2 * STORM_FORKS)), 'ratio', {
    exactly: 1,
  });
}

/** Forks fill a ring that nobody drains; then it is drained at once, every record decoded. */
function drainThroughput(): void {
  progress('filling and draining a ring');
  const probes = Probes.load({ objectPath: '', ringBytes: 4 << 20 });
  probes.attach();
  const ring = new RingReader(probes.map('events'));
  const decoder = new Decoder(ring.bytes);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS + 3; round++) {
    fill(ring);
    const from = performance.now();
    const records = ring.drain((offset, length) => decoder.decode(offset, length));
    rates.push(records / ((performance.now() - from) / 1_000));
  }
  ring.close();
  probes.close();
  figures.add('drain of a full ring, decoded', median(rates.slice(3)) / 1e6, 'M records/s', { atLeast: 3, smoke: 0.3 });
}

function fill(ring: RingReader): void {
  for (let rounds = 0; ring.pendingBytes() < 0.98 * ring.sizeBytes && rounds < 20; rounds++) {
    execFileSync(loadPath, ['forks', '4000'], { stdio: 'ignore' });
  }
}

/** How much slower the loop itself becomes, from its own CPU time: A/B/A, so that a drift of the machine cancels. */
async function slowdown(): Promise<void> {
  progress('the loop without, with, and without Culprit');
  const perCycle = async () => cpuUs(await run('spawns', String(CYCLES / 4), loadPath)) / (CYCLES / 4);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await perCycle();
    const exporter = await Exporter.start();
    const during = await perCycle();
    await exporter.stop();
    ratios.push(during / ((before + (await perCycle())) / 2));
  }
  figures.add('slowdown of the fork loop', (median(ratios) - 1) * 100, '%', { atMost: 3, smoke: 60 });
}

function cpuUs({ childCpuUs, ownCpuUs }: Truth): number {
  return childCpuUs + ownCpuUs;
}
