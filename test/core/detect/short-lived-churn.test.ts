import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import churn from '../../../src/core/detect/short-lived-churn.ts';
import { host } from './host.ts';

const SHORT = { lifetimeNs: 5e6 };
const LONG = { lifetimeNs: 30e9 };

describe('short-lived-churn, at 30 exits a second for 10 seconds', () => {
  it('names the workload, and who begat most of them', () => {
    const linux = host(churn);
    const cgi = linux.spawn('lighttpd');
    const shell = linux.spawn('bash');

    for (let second = 0; second < 11; second++) {
      linux.forks(cgi, 35, { overMs: 800, more: SHORT });
      linux.forks(shell, 3, { overMs: 200, more: SHORT });
    }

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit }) => [entity.name, culprit.process?.pid]),
      [['web.service', cgi]],
    );
  });

  it('counts two workloads by themselves: each of them is below', () => {
    const linux = host(churn);
    const [one, other] = [linux.spawn('bash'), linux.spawn('bash', { cgroupId: 200 })];

    for (let second = 0; second < 20; second++) {
      linux.forks(one, 18, { overMs: 500, more: SHORT });
      linux.forks(other, 18, { overMs: 500, more: { ...SHORT, cgroupId: 200 } });
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent when most of them had lived long', () => {
    const linux = host(churn);
    const server = linux.spawn('postgres');

    for (let second = 0; second < 20; second++) {
      linux.forks(server, 25, { overMs: 500, more: LONG });
      linux.forks(server, 20, { overMs: 500, more: SHORT });
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a build, whatever its shells run', () => {
    const linux = host(churn);
    const shell = linux.spawn('sh', { parent: linux.spawn('make') });

    linux.forks(shell, 1_000, { overMs: 20_000, more: SHORT });

    assert.deepEqual(linux.told, []);
  });

  it('ends a minute after it', () => {
    const linux = host(churn);
    linux.forks(linux.spawn('bash'), 500, { overMs: 12_000, more: SHORT });

    linux.pass(72_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(churn, { options: { exitsPerSecond: 60 } });

    linux.forks(linux.spawn('bash'), 500, { overMs: 12_000, more: SHORT });

    assert.deepEqual(linux.told, []);
  });
});
