import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, MIB, MINUTE, SECOND, watched } from './watched.ts';

/** Of 1,000 MiB of head-room, in 200 minutes. */
const leaks = (minutes: number) => 100 + 5 * minutes;

describe('a leak', () => {
  it('is told of as growth, then warned of, and is critical a quarter of an hour before the limit', () => {
    const levels = watched().uses(leaks, { forMs: 195 * MINUTE });

    assert.deepEqual(levels, ['none', 'info', 'warning', 'critical']);
  });

  for (const [life, minutes] of Object.entries({ 'a minute': 1, 'four minutes': 4, 'three hours': 180 }))
    it(`of ${life} is warned of before half of the head-room is gone`, () => {
      const mib = watched().mibAtWarning((passed) => 100 + (1_000 * passed) / minutes, minutes * MINUTE, SECOND);

      assert.ok(mib > 500 && mib < 600, `${mib} MiB`);
    });

  it('has evidence: its slope, the time to the limit, and how long it was seen', () => {
    const process = watched();
    process.uses(leaks, { forMs: 120 * MINUTE });

    const { slopeBytesPerSecond = 0, forecastSeconds = 0, windowSeconds = 0 } = process.evidence ?? {};

    assert.deepEqual(
      [
        Math.abs(slopeBytesPerSecond / ((5 * MIB) / 60) - 1) < 0.02,
        Math.abs(forecastSeconds / (80 * 60) - 1) < 0.05,
        windowSeconds > 40 * 60,
      ],
      [true, true, true],
    );
  });

  it('has a forecast that lies within its band', () => {
    const process = watched();
    process.uses((minutes) => leaks(minutes) + 15 * Math.sin(minutes * 7), { forMs: 120 * MINUTE });

    const { forecastSecondsLow = 0, forecastSeconds = 0, forecastSecondsHigh = 0 } = process.evidence ?? {};

    assert.ok(forecastSecondsLow < forecastSeconds && forecastSeconds < forecastSecondsHigh);
  });

  it('that speeds up is forecast so', () => {
    const process = watched();
    // The limit is reached after 200 minutes.
    process.uses((minutes) => 100 + 1_000 * (minutes / 200) ** 2, { forMs: 130 * MINUTE });

    const { forecastSeconds = 0 } = process.evidence ?? {};

    assert.ok(Math.abs(forecastSeconds / (70 * 60) - 1) < 0.15, `${forecastSeconds} s`);
  });

  it('is seen under the garbage of a heap', () => {
    const mib = watched().mibAtWarning((minutes) => leaks(minutes) + 150 * ((minutes / 0.7) % 1), 3 * HOUR);

    assert.ok(mib < 800, `${mib} MiB`);
  });

  it('is seen in steps, if there are many', () => {
    const mib = watched().mibAtWarning((minutes) => 100 + 25 * Math.floor(minutes / 5), 3 * HOUR);

    assert.ok(mib < 660, `${mib} MiB`);
  });

  it('is seen in minutes if it takes minutes', () => {
    const mib = watched().mibAtWarning((minutes) => 100 + 250 * minutes, 4 * MINUTE);

    assert.ok(mib < 660, `${mib} MiB`);
  });

  it('is seen though samples come once a minute', () => {
    const process = watched();
    let level = 'none';
    for (let minute = 0; minute < 150; minute++) {
      level = process.series.observe(minute * MINUTE, leaks(minute) * MIB, 1_100 * MIB);
    }

    assert.equal(level, 'warning');
  });

  it('ends when the memory is given back', () => {
    const process = watched();
    process.uses(leaks, { forMs: 2 * HOUR });

    assert.deepEqual(
      process.uses(() => 120, { forMs: HOUR }),
      ['none'],
    );
  });

  it('ends when it grows no more, with a word of its growing before', () => {
    const process = watched();
    process.uses(leaks, { forMs: 2 * HOUR });

    const levels = process.uses(() => 700, { forMs: 2 * HOUR });

    assert.equal(levels.at(-1), 'none');
  });

  it('ends when the process does', () => {
    const process = watched();
    process.uses(leaks, { forMs: 2 * HOUR });
    process.restarts();

    assert.deepEqual([process.series.level, process.evidence], ['none', undefined]);
  });
});
