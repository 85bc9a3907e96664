import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkBurst from '../../../src/core/detect/fork-burst.ts';
import { host } from './host.ts';

describe('fork-burst, at 60 forks in 5 seconds', () => {
  it('names who started so many, though they all live on', () => {
    const linux = host(forkBurst);
    const pool = linux.spawn('pool');

    linux.forks(pool, 64, { overMs: 2_000, lives: true });
    linux.pass(1_000);

    assert.deepEqual(linux.open, [`fork-burst: pool (pid ${pool})`]);
  });

  it('is silent about 50 in 5 seconds, again and again', () => {
    const linux = host(forkBurst);

    linux.forks(linux.spawn('bash'), 500, { overMs: 50_000 });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about cron, which starts what others ordered, and about a package manager', () => {
    const linux = host(forkBurst);

    linux.forks(linux.spawn('cron'), 100, { overMs: 1_000 });
    linux.forks(linux.spawn('dpkg', { parent: linux.spawn('apt-get') }), 100, { overMs: 1_000 });
    linux.pass(1_000);

    assert.deepEqual(linux.told, []);
  });

  it('ends a minute after the burst left the window', () => {
    const linux = host(forkBurst);
    linux.forks(linux.spawn('pool'), 64, { overMs: 2_000 });

    linux.pass(68_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(forkBurst, { options: { forks: 120 } });

    linux.forks(linux.spawn('pool'), 64, { overMs: 2_000 });
    linux.pass(1_000);

    assert.deepEqual(linux.told, []);
  });
});
