/** What Culprit costs on a host where little happens, as a user runs it: the bundle, every probe, OTLP on. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryMb } from '../test/support/cost.ts';
import { Exporter } from '../test/support/exporter.ts';
import { until } from '../test/support/until.ts';
import { Collector } from './harness/collector.ts';
import { Figures, isSmoke, median, progress } from './harness/figures.ts';
import { ratio, spent } from './harness/spent.ts';

const WATCH_MS = isSmoke ? 10_000 : 60_000;
/** Start-up, and the compiling that follows it, is not idling. */
const SETTLE_MS = isSmoke ? 5_000 : 30_000;
const SCRAPE_EVERY_MS = 15_000;

const figures = new Figures('idle: the exporter on a quiet host');
const collector = await Collector.start();
const otlp = `otlp: {endpoint: "${collector.url}", insecure: true}`;

const starts: number[] = [];
for (let round = 0; round < 5; round++) {
  const exporter = await Exporter.start();
  starts.push(exporter.startMs);
  if (round === 4) {
    progress(`without OTLP for ${WATCH_MS / 2000} s`);
    await watch(exporter, WATCH_MS / 2);
    figures.add('RSS without OTLP', memoryMb(exporter.pid), 'MB', { atMost: 80, smoke: 120 });
  }
  await exporter.stop();
}
figures.add('start to the first good scrape', median(starts) / 1000, 's', { atMost: 1.5, smoke: 10 });

const pushing = await Exporter.start(`${otlp}\ndetectors: { clearSeconds: 1, builders: [none] }`);
// What an incident needs is in the figures, not only what the metrics need.
execFileSync('perl', ['-e', 'for (1..1000) { fork or exit; wait }']);
await until(() => collector.incidents > 0);
await sleep(SETTLE_MS);
progress(`with OTLP for ${WATCH_MS / 1000} s`);
const cores = await watch(pushing, WATCH_MS);
figures.add('CPU, of one core', cores * 100, '%', { atMost: 0.6, smoke: 8 });
figures.add('RSS with all three OTLP signals', memoryMb(pushing.pid), 'MB', { atMost: 90, smoke: 130 });
figures.add('OTLP pushes that arrived', collector.exports, '', { atLeast: Math.floor(WATCH_MS / 15_000) });
const stopFrom = performance.now();
await pushing.stop();
figures.add('SIGTERM to gone', (performance.now() - stopFrom) / 1000, 's', { atMost: 2, smoke: 5 });

collector.stop();
figures.finish();
process.exit();

/** Cores used, user and BPF together, while Prometheus would scrape. */
async function watch(watched: Exporter, forMs: number): Promise<number> {
  const used = await spent(watched, async () => {
    for (let left = forMs; left > 0; left -= SCRAPE_EVERY_MS) {
      await sleep(Math.min(left, SCRAPE_EVERY_MS));
      await watched.page({ 'accept-encoding': 'gzip' });
    }
  });
  return ratio(used);
}
