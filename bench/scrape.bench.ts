/** What a scrape costs at 100, 1,000 and 10,000 live processes, beside the two exporters that read /proc for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processCount } from '../test/support/cost.ts';
import { Exporter } from '../test/support/exporter.ts';
import { sum } from '../test/support/samples.ts';
import { Figures, isSmoke, median, progress } from './harness/figures.ts';
import { start } from './harness/load.ts';
import { nodeExporter, processExporter } from './harness/peers.ts';
import { compareRenderers } from './harness/renderers.ts';

const SIZES = isSmoke ? [100, 1_000] : [100, 1_000, 10_000];
const WARM_UP = 3;
const SCRAPES = isSmoke ? 8 : 20;
const SNAPSHOTS = isSmoke ? 6 : 14;
const SNAPSHOTS_WITHIN_MS = isSmoke ? 30_000 : 120_000;

const figures = new Figures('scrape: cost against the number of live processes');
await compareRenderers(figures);
for (const size of SIZES) await measure(size);
figures.finish();
process.exit();

async function measure(size: number): Promise<void> {
  progress(`${size} processes`);
  const load = start('sleepers', String(Math.max(1, size - processCount())));
  await load.next();
  load.goOn();

  const exporter = await Exporter.start();
  // The page rendered anew each time: a cached one costs nothing and shows nothing.
  const own = await cost({ scrape: () => exporter.page(), cpuNs: () => exporter.cpuNs(), pauseMs: 300 });
  const snapshotMs = await medianSnapshotMs(exporter);
  await exporter.stop();
  figures.add(`${size}: scrape, wall`, own.wallMs, 'ms', { atMost: 10, smoke: 100 });
  figures.add(`${size}: CPU per scrape`, own.cpuMs, 'ms');
  figures.add(`${size}: snapshot, all included`, snapshotMs, 'ms', { atMost: 20, smoke: 200 });

  for (const serve of [processExporter, nodeExporter]) {
    const peer = await serve();
    const theirs = await cost({ ...peer, pauseMs: 0 });
    peer.stop();
    figures.add(`${size}: CPU per scrape, ${peer.name}`, theirs.cpuMs, 'ms');
    const bar = size === SIZES.at(-1) ? { atLeast: 20, smoke: 2 } : {};
    figures.add(`${size}: ours is less by`, theirs.cpuMs / own.cpuMs, 'times', bar);
  }
  await load.end();
}

/** From the first sample to the end of reconciling, of the last few snapshots: the first ones still compile. */
async function medianSnapshotMs(exporter: Exporter): Promise<number> {
  const seen = new Set<number>();
  const deadline = performance.now() + SNAPSHOTS_WITHIN_MS;
  while (seen.size < SNAPSHOTS && performance.now() < deadline) {
    await sleep(500);
    seen.add(sum(await exporter.scrape(), 'culprit_collector_duration_seconds', { collector: 'snapshot' }) * 1_000);
  }
  return median([...seen].slice(-Math.ceil(SNAPSHOTS / 2)));
}

interface Scraped {
  scrape(): Promise<unknown>;
  cpuNs(): number;
  readonly pauseMs: number;
}

/** Wall time and CPU of one scrape, medians. Work on other timers falls into few of them, so a median leaves it out. */
async function cost({ scrape, cpuNs, pauseMs }: Scraped): Promise<{ wallMs: number; cpuMs: number }> {
  const walls: number[] = [];
  const cpus: number[] = [];
  for (let round = 0; round < WARM_UP + SCRAPES; round++) {
    if (pauseMs > 0) await sleep(pauseMs);
    const cpu = cpuNs();
    const from = performance.now();
    await scrape();
    if (round < WARM_UP) continue;
    walls.push(performance.now() - from);
    cpus.push((cpuNs() - cpu) / 1e6);
  }
  return { wallMs: median(walls), cpuMs: median(cpus) };
}
