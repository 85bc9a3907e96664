import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import forkStorm from '../../../src/core/detect/fork-storm.ts';
import type { StormEvent } from '../../../src/core/model/event.ts';
import { counts } from '../support/events.ts';
import { host } from './host.ts';

/** As the kernel's bucket of a parent tells it: so many forks in so long. */
function stormOf(pid: number, at: number, forks: number, windowMs: number): StormEvent {
  return { kind: 'storm', at, pid, startedNs: pid, cgroupId: 100, scope: 'parent', forks, windowNs: windowMs * 1e6 };
}

describe('fork-storm, at 50 forks a second over 3 seconds', () => {
  it('names the parent that keeps the rate up for the whole window', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');

    linux.forks(shell, 180, { overMs: 3_500 });

    assert.deepEqual(linux.open, [`fork-storm: bash (pid ${shell})`]);
  });

  it('knows 200 a second after half a second, without waiting for a tick', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');
    const from = linux.now;

    linux.forks(shell, 200, { overMs: 1_000 });

    assert.equal(linux.incidents[0]!.detectedAt - from <= 550, true, `${linux.incidents[0]?.detectedAt} - ${from}`);
  });

  it('knows 1,000 a second after a tenth of a second', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');
    const from = linux.now;

    linux.forks(shell, 300, { overMs: 300 });

    assert.equal(linux.incidents[0]!.detectedAt - from <= 200, true);
  });

  it('names each of two storms', () => {
    const linux = host(forkStorm);
    const [one, other] = [linux.spawn('bash'), linux.spawn('perl', { cgroupId: 200 })];

    linux.forks(one, 150, { overMs: 300 });
    linux.forks(other, 150, { overMs: 300 });

    assert.deepEqual(linux.open, [`fork-storm: bash (pid ${one})`, `fork-storm: perl (pid ${other})`]);
  });

  it('tells of a daemon that forks four times as much as it did for ten minutes', () => {
    const linux = host(forkStorm);
    const daemon = linux.spawn('spooler');
    linux.forks(daemon, 600, { overMs: 660_000 });

    linux.forks(daemon, 250, { overMs: 11_000 });

    assert.deepEqual(linux.open, [`fork-storm: spooler (pid ${daemon})`]);
  });

  it('is told though the ring was full and no fork came through: the kernel has counted them', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');

    linux.tell(stormOf(shell, linux.now, 400, 500));
    linux.pass(1_000);

    assert.deepEqual(linux.open, [`fork-storm: bash (pid ${shell})`]);
  });

  it('is told of a workload where not even the record of the storm came through', () => {
    const linux = host(forkStorm);

    for (let second = 0; second < 6; second++) {
      const lost = { forks: 200 * second, execs: 0, exits: [0, 0, 0, 0] };
      linux.tell(counts(300, { at: linux.now, forks: 200 * second, lost }));
      linux.pass(1_000);
    }

    assert.deepEqual(linux.open, ['fork-storm: batch.service']);
  });

  it('is told once, of its process, where a part of it came through', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash', { cgroupId: 300 });

    for (let second = 0; second < 20; second++) {
      linux.forks(shell, 100, { overMs: 1_000, more: { cgroupId: 300 } });
      const lost = { forks: 100 * second, execs: 0, exits: [0, 0, 0, 0] };
      linux.tell(counts(300, { at: linux.now, forks: 200 * second, lost }));
    }

    assert.deepEqual(linux.open, [`fork-storm: bash (pid ${shell})`]);
  });

  it('is silent about a hundred forks that were lost once, beside somebody else', () => {
    const linux = host(forkStorm);

    for (let second = 0; second < 30; second++) {
      const lost = { forks: second > 10 ? 100 : 0, execs: 0, exits: [0, 0, 0, 0] };
      linux.tell(counts(300, { at: linux.now, forks: 10 * second, lost }));
      linux.pass(1_000);
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a record of 30 a second, however long it has gone on', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');

    linux.tell(stormOf(shell, linux.now, 1_800, 60_000));
    linux.pass(1_000);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a record of what make forks', () => {
    const linux = host(forkStorm);

    linux.tell(stormOf(linux.spawn('make'), linux.now, 400, 500));
    linux.pass(1_000);

    assert.deepEqual(linux.told, []);
  });

  it('does not add up parents: a parallel build is work', () => {
    const linux = host(forkStorm);
    const shells = [linux.spawn('sh'), linux.spawn('sh'), linux.spawn('sh')];

    for (let round = 0; round < 30; round++) for (const shell of shells) linux.forks(shell, 4, { overMs: 100 });

    assert.deepEqual(linux.told, []);
  });

  it('is silent at 25 a second, however long, of a process that is young', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');

    linux.forks(shell, 1_500, { overMs: 60_000 });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about make and all that works for it', () => {
    const linux = host(forkStorm);
    const configure = linux.spawn('dash', { parent: linux.spawn('make') });

    linux.forks(configure, 500, { overMs: 1_000 });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about threads of ours that fork 40 at once', () => {
    const linux = host(forkStorm);

    linux.forks(linux.spawn('nginx'), 40, { overMs: 10 });

    assert.deepEqual(linux.told, []);
  });

  it('ends a minute after the storm, when its process is long gone', () => {
    const linux = host(forkStorm);
    const shell = linux.spawn('bash');
    linux.forks(shell, 300, { overMs: 1_000 });
    linux.end(shell);

    linux.pass(66_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(forkStorm, { options: { forksPerSecond: 100 } });

    linux.forks(linux.spawn('bash'), 180, { overMs: 3_500 });

    assert.deepEqual(linux.told, []);
  });
});
