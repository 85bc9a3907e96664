import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LEAK_DEFAULTS } from '../../../../src/core/detect/leak/options.ts';
import { LeakSeries } from '../../../../src/core/detect/leak/series.ts';
import { MIB, MINUTE, SECOND, watched } from './watched.ts';

/** Of 1,000 MiB of head-room, in 200 minutes. */
const leaks = (minutes: number) => 100 + 5 * minutes;
const batches = (minutes: number) => 100 + 600 * ((minutes / 10) % 1);

describe('a leak, at the thresholds', () => {
  it('is told of as growth when a quarter of what is left has come', () => {
    const process = watched();
    let mib = 100;
    for (; process.series.level === 'none' && mib < 1_100; mib += 5) process.uses(() => mib, { forMs: MINUTE });

    assert.ok(mib > 270 && mib < 380, `${mib} MiB`);
  });

  it('is critical from a quarter of an hour on', () => {
    const process = watched();
    for (let mib = 100; process.series.level !== 'critical' && mib < 1_100; mib += 5) {
      process.uses(() => mib, { forMs: MINUTE });
    }

    const { forecastSeconds = 0 } = process.evidence ?? {};

    assert.ok(forecastSeconds <= 900 && forecastSeconds > 780, `${forecastSeconds} s`);
  });

  it('is warned of as soon as a start is over', () => {
    const young = new LeakSeries(0, { ...LEAK_DEFAULTS, settleMs: 5 * MINUTE });
    let level = 'none';
    for (let at = 0; at < 6 * MINUTE; at += SECOND) level = young.observe(at, (at / SECOND) * 2 * MIB, 1_200 * MIB);

    assert.equal(level, 'critical');
  });

  it('is told of though only 40 MiB are left', () => {
    const levels = watched().uses((minutes) => 400 + minutes / 5, { forMs: 190 * MINUTE, limitMib: 440 });

    assert.ok(levels.includes('warning'), `${levels}`);
  });

  it('is told of in a container of 128 MiB', () => {
    const levels = watched().uses((minutes) => 95 + minutes / 10, { forMs: 190 * MINUTE, limitMib: 128 });

    assert.ok(levels.includes('warning'), `${levels}`);
  });

  it('is told of after batches, if it takes more than two of them', () => {
    const process = watched();
    process.uses(batches, { forMs: 31 * MINUTE });

    const mib = process.mibAtWarning((minutes) => 100 + 20 * minutes, 50 * MINUTE);

    assert.ok(mib < 720, `${mib} MiB`);
  });

  it('is told of when the last batch is six of them ago', () => {
    const process = watched();
    process.uses(batches, { forMs: 31 * MINUTE });
    process.uses(() => 100, { forMs: 65 * MINUTE });

    const mib = process.mibAtWarning((minutes) => 100 + 50 * minutes, 20 * MINUTE);

    assert.ok(mib < 720, `${mib} MiB`);
  });

  it('is seen across ten minutes without a sample', () => {
    const process = watched();
    process.uses(leaks, { forMs: 120 * MINUTE });
    process.passes(9 * MINUTE);
    process.uses(() => leaks(130), { forMs: SECOND });

    assert.equal(process.series.level, 'warning');
  });
});
