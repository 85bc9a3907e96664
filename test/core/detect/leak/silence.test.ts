import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEAK_DEFAULTS } from '../../../../src/core/detect/leak/options.ts';
import { LeakSeries } from '../../../../src/core/detect/leak/series.ts';
import { HOUR, MIB, MINUTE, SECOND, watched } from './watched.ts';

const SILENCE = ['none'];
/** What is at most a word: it grows. */
const atMostInfo = (levels: readonly string[]) => levels.every((level) => level === 'none' || level === 'info');

describe('no leak', () => {
  it('is memory that stays as it is, near its limit too', () => {
    assert.deepEqual(
      watched().uses(() => 1_050, { forMs: 6 * HOUR }),
      SILENCE,
    );
  });

  it('is a process that began large, with much room', () => {
    assert.deepEqual(
      watched().uses((minutes) => 100 + minutes, { forMs: 6 * HOUR, limitMib: 16_000 }),
      SILENCE,
    );
  });

  it('is a cache that fills less than half of the room and is full', () => {
    const levels = watched().uses((minutes) => 100 + Math.min(350, 5 * minutes), { forMs: 6 * HOUR });

    assert.ok(atMostInfo(levels) && levels.at(-1) === 'none', `${levels}`);
  });

  it('is a warm-up that slows down, however much it takes', () => {
    const levels = watched().uses((minutes) => 100 + 850 * (1 - Math.exp(-minutes / 60)), { forMs: 12 * HOUR });

    assert.ok(atMostInfo(levels) && levels.at(-1) === 'none', `${levels}`);
  });

  it('is a step, or a few', () => {
    const levels = watched().uses((minutes) => 100 + 250 * Math.floor(minutes / 40), { forMs: 150 * MINUTE });

    assert.deepEqual(levels, SILENCE);
  });

  it('is the garbage of a heap, which goes away', () => {
    const garbage = (minutes: number) => 200 + 300 * ((minutes / 3) % 1);
    const process = watched();
    process.uses(garbage, { forMs: 6 * MINUTE });

    assert.deepEqual(process.uses(garbage, { forMs: 6 * HOUR }), SILENCE);
  });

  it('are batches, from the second on, that grow to nearly the limit and are freed', () => {
    const batches = (minutes: number) => 100 + 900 * ((minutes / 30) % 1);
    const process = watched();
    process.uses(batches, { forMs: 31 * MINUTE });

    assert.deepEqual(
      process.uses((minutes) => batches(minutes + 31), { forMs: 4 * HOUR }),
      SILENCE,
    );
  });

  it('is the load of the day, from the second on, though it takes half of the room', () => {
    const load = (minutes: number) => 500 - 200 * Math.cos((2 * Math.PI * minutes) / 1_440);
    const process = watched();
    process.uses(load, { forMs: 24 * HOUR });

    assert.deepEqual(process.uses(load, { forMs: 96 * HOUR }), SILENCE);
  });

  it('is growth of a few MiB in a small room', () => {
    assert.deepEqual(
      watched().uses((minutes) => 50 + Math.min(5, minutes), { forMs: 2 * HOUR, limitMib: 64 }),
      SILENCE,
    );
  });

  it('is what a process takes while it may start', () => {
    const young = new LeakSeries(0, { ...LEAK_DEFAULTS, settleMs: 5 * MINUTE });
    const levels = new Set<string>();
    for (let at = 0; at < 5 * MINUTE; at += SECOND) levels.add(young.observe(at, (at / SECOND) * 2 * MIB, 620 * MIB));

    assert.deepEqual([...levels], SILENCE);
  });

  it('is what is not known', () => {
    const process = watched();
    process.uses((minutes) => 100 + 5 * minutes, { forMs: HOUR });
    const before = process.evidence;

    process.series.observe(2 * HOUR, Number.NaN, 1_100 * MIB);

    assert.deepEqual(process.evidence, before);
  });

  it('is anything across a quarter of an hour without samples', () => {
    const process = watched();
    process.uses((minutes) => 100 + 5 * minutes, { forMs: 2 * HOUR });
    process.passes(15 * MINUTE);

    assert.deepEqual(
      process.uses(() => 1_000, { forMs: MINUTE }),
      SILENCE,
    );
  });

  it('is growth that a higher limit leaves room for', () => {
    const process = watched();
    process.uses((minutes) => 100 + 5 * minutes, { forMs: 2 * HOUR });

    const levels = process.uses((minutes) => 700 + 5 * minutes, { forMs: HOUR, limitMib: 64_000 });

    assert.equal(levels.at(-1), 'none');
  });
});

describe('the memory of a series', () => {
  it('stays below 2 KiB in a month', () => {
    const series = new LeakSeries(0);
    for (let at = 0; at < 30 * 24 * HOUR; at += MINUTE) series.observe(at, 500 * MIB, 1_100 * MIB);

    assert.ok(series.size < 2_048, `${series.size} bytes`);
  });

  it('is a third of that in the first minutes', () => {
    const series = new LeakSeries(0);
    series.observe(0, 500 * MIB, 1_100 * MIB);

    assert.ok(series.size < 700, `${series.size} bytes`);
  });
});
