import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import crashLoop from '../../../src/core/detect/crash-loop.ts';
import { API, docker, made, named } from '../engine/named.ts';
import type { exit } from '../support/events.ts';
import { host, INIT, type TestHost } from './host.ts';

const SEGV = { reason: 'signal', status: 11 } as const;
const TERM = { reason: 'signal', status: 15 } as const;
const ERROR = { reason: 'error', status: 256 } as const;

/** Started and dead again, each half a minute. */
function dies(linux: TestHost, times: number, how: Parameters<typeof exit>[1], parent = INIT): void {
  for (let time = 0; time < times; time++) {
    linux.end(linux.spawn('payments', { parent }), how);
    linux.pass(30_000);
  }
}

describe('crash-loop, at 5 deaths in 10 minutes', () => {
  it('names the group and the workload of what dies by a signal', () => {
    const linux = host(crashLoop);

    dies(linux, 5, SEGV, linux.spawn('supervisor'));

    assert.deepEqual(linux.open, ['crash-loop: payments in web.service']);
  });

  it('knows a service that ends with an error, for its parent is outside of it', () => {
    const linux = host(crashLoop);

    dies(linux, 5, ERROR, linux.spawn('shim', { cgroupId: 200 }));

    assert.deepEqual(linux.open, ['crash-loop: payments in web.service']);
  });

  for (const when of ['before it dies', 'after it died'] as const)
    it(`knows a container that has another id each time, and its name ${when}`, () => {
      const linux = host(crashLoop);
      const shim = linux.spawn('shim');

      for (let time = 0; time < 5; time++) {
        const [id, cgroupId] = [`${time}`.padEnd(64, 'a'), 1_000 + time];
        const tellName = () => linux.tell(named(id, 'api', { ...API, at: linux.now }));
        linux.tell(made(cgroupId, docker(id), linux.now));
        const pid = linux.spawn('payments', { parent: shim, cgroupId });
        if (when === 'before it dies') tellName();
        linux.end(pid, { ...ERROR, cgroupId });
        if (when === 'after it died') tellName();
        linux.tell({ kind: 'cgroup-removed', at: linux.now, cgroupId, path: docker(id) });
        linux.pass(30_000);
      }

      assert.deepEqual(linux.open, ['crash-loop: payments in payments/api-0/api']);
      assert.equal(linux.incidents[0]?.value, 5);
    });

  it('is silent about programs that say no: grep fails all day', () => {
    const linux = host(crashLoop);

    dies(linux, 20, ERROR, linux.spawn('bash'));

    assert.deepEqual(linux.told, []);
  });

  it('is silent about what is told to stop', () => {
    const linux = host(crashLoop);

    dies(linux, 20, TERM, linux.spawn('shim', { cgroupId: 200 }));

    assert.deepEqual(linux.told, []);
  });

  it('is silent about one crash every three minutes', () => {
    const linux = host(crashLoop);

    for (let time = 0; time < 10; time++) {
      dies(linux, 1, SEGV);
      linux.pass(150_000);
    }

    assert.deepEqual(linux.told, []);
  });

  it('ends when it has stayed up', () => {
    const linux = host(crashLoop);
    dies(linux, 5, SEGV);

    linux.pass(700_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(crashLoop, { options: { deaths: 10 } });

    dies(linux, 5, SEGV);

    assert.deepEqual(linux.told, []);
  });
});
