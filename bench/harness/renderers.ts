import { Page } from '../../src/telemetry/render/page.ts';
import { createRenderer } from '../../src/telemetry/render.ts';
import { samplesOf } from '../../test/support/page.ts';
import { busySheets, random, work } from '../../test/telemetry/accounts.ts';
import { stockMetrics, stockPage, stockSerializer } from '../../test/telemetry/render-stock.ts';
import { type Figures, isSmoke, median, progress } from './figures.ts';

const SERIES = 10_000;
const ROUNDS = isSmoke ? 20 : 80;
/** Ours is asked so often for each time that theirs is: it is that much shorter than the noise. */
const PAGES = 10;

/**
 * One page of the same sheets by our renderer and by OpenTelemetry's own serializer.
 *
 * Between two pages every row is measured anew, so that nothing may be taken from the page before. The serializer's time does not
 * include making the data points that it reads.
 */
export async function compareRenderers(figures: Figures): Promise<void> {
  progress(`renderers, ${SERIES} series`);
  const next = random(SERIES);
  const sheets = busySheets(SERIES, next);
  const render = createRenderer({ sheets, self: () => [], resource: {}, exemplarOf: () => undefined });
  const pages = [new Page(), new Page()];
  const shown = () => samplesOf(Buffer.from(pages[1]!.body()).toString());
  const ours: number[] = [];
  const stock: number[] = [];
  let equal = 1;

  for (let round = 0; round < ROUNDS; round++) {
    for (let again = 0; again < PAGES; again++) {
      const page = pages[again % pages.length]!;
      work(sheets, next);
      page.clear();
      ours.push(timed(() => render(page, 'text')));
    }
    const metrics = await stockMetrics(sheets);
    stock.push(timed(() => stockSerializer.serialize(metrics)));
    if (round % 10 === 0 && !isSame(shown(), samplesOf(stockPage(metrics)))) equal = 0;
  }

  const [oursMs, stockMs] = [settled(ours), settled(stock)];
  figures.add(`a page of ${shown().size} series`, oursMs, 'ms');
  figures.add('the same, stock serializer', stockMs, 'ms');
  figures.add('renderer against the stock serializer, 10k series', stockMs / oursMs, 'times', {
    atLeast: 50,
    smoke: 10,
  });
  figures.add('equal sample sets', equal, '', { exactly: 1 });
}

function timed(run: () => void): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}

/** The median of the second half: the first warms up. */
function settled(times: readonly number[]): number {
  return median(times.slice(times.length >> 1));
}

function isSame(some: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): boolean {
  return some.size === others.size && [...some].every(([name, value]) => others.get(name) === value);
}
