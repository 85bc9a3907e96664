import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pidExhaustion from '../../../src/core/detect/pid-exhaustion.ts';
import { hostTold, limits } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

/** As the files of a cgroup tell it every 5 s. */
function hold(linux: TestHost, seconds: number, pids: (second: number) => number, pidsMax = 512, cgroupId = 100): void {
  for (let second = 0; second < seconds; second += 5) {
    linux.tell(limits(cgroupId, { at: linux.now, pids: pids(second), pidsMax }));
    linux.pass(5_000);
  }
}

describe('pid-exhaustion, above 80 % of a limit', () => {
  it('names the workload, and who has most tasks of it below', () => {
    const linux = host(pidExhaustion);
    const [one, other] = [linux.spawn('apache2'), linux.spawn('logger')];
    linux.forks(one, 300, { lives: true });
    linux.forks(other, 100, { lives: true });

    hold(linux, 5, () => 420);

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.name, culprit.process?.pid]),
      [['web.service', one]],
    );
  });

  it('names a process that has its tasks as threads', () => {
    const linux = host(pidExhaustion);
    const [jvm, shell] = [linux.spawn('java'), linux.spawn('bash')];
    linux.forks(shell, 20, { lives: true });
    linux.snapshot({ pid: jvm, threads: 400 });

    hold(linux, 5, () => 425);

    assert.equal(linux.incidents[0]?.culprit.process?.pid, jvm);
  });

  it('knows the limit of a cgroup above, and names who lives far below it', () => {
    const linux = host(pidExhaustion);
    linux.tell({ kind: 'cgroup-made', at: linux.now, cgroupId: 50, path: '/system.slice' });
    const daemon = linux.spawn('daemon', { cgroupId: 200 });
    linux.forks(daemon, 50, { lives: true, more: { cgroupId: 200 } });

    hold(linux, 5, () => 900, 1_000, 50);

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.name, culprit.process?.pid]),
      [['system.slice', daemon]],
    );
  });

  it('knows the limit of the host', () => {
    const linux = host(pidExhaustion);
    const shell = linux.spawn('bash', { cgroupId: 300 });
    linux.forks(shell, 50, { lives: true, more: { cgroupId: 300 } });

    linux.tell(hostTold({ at: linux.now, tasks: 27_000, tasksMax: 32_768 }));
    linux.pass(1_000);

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.kind, culprit.process?.pid, culprit.workload?.name]),
      [['host', shell, 'batch.service']],
    );
  });

  it('names a daemon whose starter is gone, and not who came after that', () => {
    const linux = host(pidExhaustion);
    const starter = linux.spawn('start');
    const daemon = linux.spawn('daemon', { parent: starter });
    linux.end(starter);
    // More than are remembered; who comes then is kept where the starter was.
    for (let time = 0; time < 256; time++) linux.end(linux.spawn('true'));
    const others = ['a', 'b', 'c'].map((name) => linux.spawn(name));

    const orphan = { pid: daemon, threads: 900, parentPid: 1, parentStartedNs: 1 };
    linux.snapshot(orphan, ...others.map((pid) => ({ pid, threads: 1 })));
    linux.tell(hostTold({ at: linux.now, tasks: 910, tasksMax: 1_000 }));
    linux.pass(1_000);

    assert.equal(linux.incidents[0]?.culprit.process?.pid, daemon);
  });

  it('forecasts when it is reached', () => {
    const linux = host(pidExhaustion);

    hold(linux, 40, (second) => 380 + 2 * second);

    const seconds = linux.incidents[0]?.forecast?.seconds ?? Number.NaN;
    assert.equal(Math.abs(seconds - (512 - 450) / 2) < 8, true, String(seconds));
  });

  it('tells two workloads apart', () => {
    const linux = host(pidExhaustion);

    linux.tell(
      limits(100, { at: linux.now, pids: 95, pidsMax: 100 }),
      limits(200, { at: linux.now, pids: 9, pidsMax: 10 }),
    );
    linux.pass(1_000);

    assert.deepEqual(linux.open, ['pid-exhaustion: web.service', 'pid-exhaustion: db.service']);
  });

  it('is silent about three quarters of a limit', () => {
    const linux = host(pidExhaustion);

    hold(linux, 600, () => 384);

    assert.deepEqual(linux.told, []);
  });

  it('is silent where there is no limit, or nothing tells of one', () => {
    const linux = host(pidExhaustion);

    hold(linux, 60, () => 30_000, Number.NaN);
    hold(linux, 60, () => Number.NaN, 100);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a sandbox that may have one task, and has it', () => {
    const linux = host(pidExhaustion);

    hold(linux, 60, () => 1, 1);

    assert.deepEqual(linux.told, []);
  });

  it('ends when they have ended', () => {
    const linux = host(pidExhaustion);
    hold(linux, 10, () => 500);

    hold(linux, 80, () => 40);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('ends when the cgroup is gone', () => {
    const linux = host(pidExhaustion);
    hold(linux, 10, () => 500);

    linux.pass(120_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so much: at twice the threshold, the same is nothing', () => {
    const linux = host(pidExhaustion, { options: { tasksRatio: 1.6 } });

    hold(linux, 60, () => 420);

    assert.deepEqual(linux.told, []);
  });
});
