import { LeakSeries } from '../../src/core/detect/leak/series.ts';
import type { Figures } from '../harness/figures.ts';
import { isSmoke } from '../harness/figures.ts';
import { generate } from './generate.ts';

const SERIES = isSmoke ? 200 : 2_000;
const SAMPLES = 2_000;
const STEP_MS = 2_000;

/** What it takes to watch many processes, of which nearly all are well: time and memory of a sample. */
export function addCost(figures: Figures): void {
  const quiet = [...generate([1])].find(({ kind }) => kind === 'flat');
  const leaking = [...generate([1])].find(({ kind }) => kind === 'linear');
  if (quiet === undefined || leaking === undefined) throw new Error('the generator has no flat and no linear series');

  const all = Array.from({ length: SERIES }, () => new LeakSeries(0));
  figures.add('a sample of a healthy series', nanoseconds(all, quiet.bytes, quiet.limitBytes), 'ns');
  figures.add('a series after an hour', all[0]?.size ?? Number.NaN, 'bytes');
  const few = Array.from({ length: SERIES / 20 }, () => new LeakSeries(0));
  figures.add(
    'a sample of a leaking series',
    nanoseconds(few, leaking.bytes.subarray(leaking.onset), leaking.limitBytes),
    'ns',
  );
}

function nanoseconds(all: readonly LeakSeries[], bytes: Float64Array, limitBytes: number): number {
  const startedAt = performance.now();
  for (let index = 0; index < SAMPLES; index++) {
    for (const series of all) series.observe(index * STEP_MS, bytes[index % bytes.length]!, limitBytes);
  }
  return ((performance.now() - startedAt) * 1e6) / (SAMPLES * all.length);
}
