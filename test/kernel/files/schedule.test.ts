import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Collectors } from '../../../src/kernel/collectors.ts';
import { Schedule } from '../../../src/kernel/schedule.ts';

describe('a schedule', () => {
  it('begins work again after its pause, and at once when the work asks for it', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const schedule = new Schedule(() => 0);
    let times = 0;
    schedule.every(1000, () => (++times === 2 ? 0 : undefined));

    t.mock.timers.tick(999);
    assert.equal(times, 0);
    t.mock.timers.tick(1);
    assert.equal(times, 1);
    t.mock.timers.tick(1000);
    assert.equal(times, 2);
    await nextTurn();
    assert.equal(times, 3);
    t.mock.timers.tick(999);
    await nextTurn();
    assert.equal(times, 3);
    await schedule.stop();
  });

  it('waits for the work in hand when it stops, and begins none', async () => {
    const schedule = new Schedule(() => performance.now());
    const steps: string[] = [];
    const began = Promise.withResolvers<void>();
    schedule.every(0, async () => {
      began.resolve();
      await nextTurn();
      steps.push('worked');
      return 0;
    });

    await began.promise;
    await schedule.stop();
    steps.push('stopped');
    await schedule.stop();
    await nextTurn();

    assert.deepEqual(steps, ['worked', 'stopped']);
  });

  it('lets what is due at about the same time share one wake-up', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const schedule = new Schedule(() => now);
    const wakes = new Set<number>();
    const passes = (ms: number) => {
      for (const end = now + ms; now < end; ) {
        now += 1;
        t.mock.timers.tick(1);
      }
    };
    schedule.every(1000, () => void wakes.add(now));
    passes(13);
    schedule.every(200, () => void wakes.add(now));

    passes(2_000);

    assert.equal(wakes.size, 10);
    void schedule.stop();
  });

  it('shows how late the event loop let work begin, for a while', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const schedule = new Schedule(() => now);
    const passes = (ms: number, lateMs = 0) => {
      now += ms + lateMs;
      t.mock.timers.tick(ms);
    };
    schedule.every(1000, () => undefined);

    passes(1000, 23);
    assert.equal(schedule.lagMs(), 23);
    passes(977);
    for (let second = 1; second < 14; second++) passes(1000);
    assert.equal(schedule.lagMs(), 23);

    for (let second = 0; second < 30; second++) passes(1000);
    assert.equal(schedule.lagMs(), 0);
    void schedule.stop();
  });
});

describe('collectors', () => {
  const failing = (reason: string) => () => {
    throw new Error(reason);
  };

  it('go on when one fails, and tell the same failure once', async () => {
    const told: string[] = [];
    let now = 0;
    const collectors = new Collectors(
      () => (now += 500),
      (name, reason) => told.push(`${name}: ${reason}`),
    );

    collectors.run('pressure', failing('no psi'));
    collectors.run('pressure', failing('no psi'));
    collectors.run('host', () => {});
    await collectors.runSlowly('snapshot', async () => failing('gone')() ?? 0);

    assert.deepEqual(told, ['pressure: no psi', 'snapshot: gone']);
    assert.deepEqual(collectors.readings.get('pressure'), { success: false, durationSeconds: 0.5, reason: 'no psi' });
    assert.deepEqual(collectors.readings.get('host'), { success: true, durationSeconds: 0.5 });
  });

  it('are well again after one good run, and then a failure is news', () => {
    const told: string[] = [];
    const collectors = new Collectors(
      () => 0,
      (name) => told.push(name),
    );

    collectors.run('pressure', failing('no psi'));
    collectors.run('pressure', () => {});
    assert.equal(collectors.readings.get('pressure')?.success, true);
    collectors.run('pressure', failing('no psi'));

    assert.deepEqual(told, ['pressure', 'pressure']);
  });
});
