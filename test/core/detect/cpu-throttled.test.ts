import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import cpuThrottled from '../../../src/core/detect/cpu-throttled.ts';
import { limits } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

const PERIODS_PER_SECOND = 10;

/** As the files of a cgroup tell it every 5 s: in so many of ten periods it was stopped. */
class Quota {
  periods = 1_000;
  throttledPeriods = 0;

  run(linux: TestHost, seconds: number, throttledOfTen: number, periodsPerSecond = PERIODS_PER_SECOND): void {
    for (let second = 0; second < seconds; second += 5) {
      linux.pass(5_000);
      this.periods += 5 * periodsPerSecond;
      this.throttledPeriods += (5 * periodsPerSecond * throttledOfTen) / 10;
      const { periods, throttledPeriods } = this;
      const throttledSeconds = throttledPeriods * 0.05;
      linux.tell(limits(100, { at: linux.now, throttledSeconds, periods, throttledPeriods }));
    }
    linux.pass(1_000);
  }
}

describe('cpu-throttled, above a quarter of the periods for 30 s', () => {
  it('names the workload', () => {
    const linux = host(cpuThrottled);

    new Quota().run(linux, 40, 4);

    assert.deepEqual(linux.open, ['cpu-throttled: web.service']);
  });

  it('is silent about a fifth of the periods, however long', () => {
    const linux = host(cpuThrottled);

    new Quota().run(linux, 600, 2);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about fifteen seconds of it', () => {
    const linux = host(cpuThrottled);
    const quota = new Quota();

    for (let round = 0; round < 5; round++) {
      quota.run(linux, 60, 0);
      quota.run(linux, 15, 4);
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a workload that hardly runs: every period in which it wakes', () => {
    const linux = host(cpuThrottled);

    new Quota().run(linux, 600, 10, 0.4);

    assert.deepEqual(linux.told, []);
  });

  it('ends when the quota suffices', () => {
    const linux = host(cpuThrottled);
    const quota = new Quota();
    quota.run(linux, 60, 4);

    quota.run(linux, 120, 0);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(cpuThrottled, { options: { throttledRatio: 0.5 } });

    new Quota().run(linux, 120, 4);

    assert.deepEqual(linux.told, []);
  });
});
