import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fdExhaustion from '../../../src/core/detect/fd-exhaustion.ts';
import { hostTold } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

/** So many seconds long it has so many open, as a snapshot tells each second. */
function open(linux: TestHost, pid: number, seconds: number, fds: (second: number) => number, fdLimit = 256): void {
  for (let second = 0; second < seconds; second++) {
    linux.snapshot({ pid, fds: Math.floor(fds(second)), fdLimit });
    linux.pass(1_000);
  }
}

describe('fd-exhaustion, above 80 % of the soft limit', () => {
  it('names the process before it can open no more', () => {
    const linux = host(fdExhaustion);
    const pid = linux.spawn('proxy');

    open(linux, pid, 3, () => 210);

    assert.deepEqual(linux.open, [`fd-exhaustion: proxy (pid ${pid})`]);
  });

  it('forecasts it: at two a second, 1,024 are reached within ten minutes', () => {
    const linux = host(fdExhaustion);

    open(linux, linux.spawn('leaky'), 120, (second) => 150 + 2 * second, 1_024);

    const [incident] = linux.incidents;
    assert.deepEqual(
      [incident?.detector, Math.abs((incident?.forecast?.seconds ?? 0) - (1_024 - 388) / 2) < 16],
      ['fd-exhaustion', true],
    );
  });

  it('knows the table of the host, and names who has most of it open', () => {
    const linux = host(fdExhaustion);
    const [db, web] = [linux.spawn('db'), linux.spawn('web')];
    linux.snapshot({ pid: db, fds: 900, fdLimit: 65_536 }, { pid: web, fds: 40, fdLimit: 65_536 });

    linux.tell(hostTold({ at: linux.now, filesOpen: 8_500, filesMax: 10_000 }));
    linux.pass(1_000);

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.name, culprit.process?.pid]),
      [['host', db]],
    );
  });

  for (const limit of [0, 1])
    it(`is silent about a sandbox that lowered its limit to ${limit} while it has 5 open, as sshd's does`, () => {
      const linux = host(fdExhaustion);

      open(linux, linux.spawn('sshd'), 60, () => 5, limit);

      assert.deepEqual(linux.told, []);
    });

  it('is silent about a table of the host without an end, as systemd makes it', () => {
    const linux = host(fdExhaustion);

    for (let second = 0; second < 120; second++) {
      linux.tell(hostTold({ at: linux.now, filesOpen: 1_000_000 + 100 * second, filesMax: 2 ** 63 }));
      linux.pass(1_000);
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent about three quarters of the limit that stay what they are', () => {
    const linux = host(fdExhaustion);

    open(linux, linux.spawn('pool'), 600, () => 192);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a pool that fills up within seconds and then stays', () => {
    const linux = host(fdExhaustion);

    open(linux, linux.spawn('pool'), 600, (second) => Math.min(120, 10 + 20 * second));

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a process without a limit', () => {
    const linux = host(fdExhaustion);

    open(linux, linux.spawn('db'), 60, () => 100_000, Number.POSITIVE_INFINITY);

    assert.deepEqual(linux.told, []);
  });

  it('ends when they are closed', () => {
    const linux = host(fdExhaustion);
    const pid = linux.spawn('proxy');
    open(linux, pid, 3, () => 210);

    open(linux, pid, 70, () => 20);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(fdExhaustion, { options: { openRatio: 1 } });

    open(linux, linux.spawn('proxy'), 60, () => 210);

    assert.deepEqual(linux.told, []);
  });
});
