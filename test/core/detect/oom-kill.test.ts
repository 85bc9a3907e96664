import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import oomKill from '../../../src/core/detect/oom-kill.ts';
import type { OomEvent } from '../../../src/core/model/event.ts';
import { API, docker, made, named } from '../engine/named.ts';
import { host, type TestHost } from './host.ts';

const MEBIBYTE = 1 << 20;

function kill(linux: TestHost, pid: number, comm: string, more: Partial<OomEvent> = {}): void {
  const sizes = { totalVmBytes: 0, anonymousBytes: 64 * MEBIBYTE, fileBytes: 0, sharedBytes: 0, pageTableBytes: 0 };
  const of = { at: linux.now, pid, startedNs: pid, cgroupId: 100, uid: 0, comm, oomScoreAdj: 0 };
  linux.tell({ kind: 'oom', ...of, ...sizes, ...more });
  linux.pass(1_000);
}

describe('oom-kill', () => {
  it('names the workload, and who holds most, who need not be the victim', () => {
    const linux = host(oomKill);
    const [cache, helper] = [linux.spawn('cache'), linux.spawn('helper')];
    linux.snapshot({ pid: cache, anonymousBytes: 900 * MEBIBYTE }, { pid: helper, anonymousBytes: 64 * MEBIBYTE });

    kill(linux, helper, 'helper');

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit, evidence }) => [entity.name, culprit.process?.pid, evidence[0]!.what]),
      [['web.service', cache, `killed: helper (pid ${helper}), which held`]],
    );
  });

  it('is silent about a process that a signal ends', () => {
    const linux = host(oomKill);

    linux.end(linux.spawn('worker'), { reason: 'signal', status: 9 });
    linux.pass(10_000);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a process that holds much and lives', () => {
    const linux = host(oomKill);

    linux.snapshot({ pid: linux.spawn('cache'), anonymousBytes: 64_000 * MEBIBYTE });
    linux.pass(10_000);

    assert.deepEqual(linux.told, []);
  });

  it('tells two workloads apart', () => {
    const linux = host(oomKill);

    kill(linux, linux.spawn('one'), 'one');
    kill(linux, linux.spawn('other', { cgroupId: 200 }), 'other', { cgroupId: 200 });

    assert.deepEqual(linux.open, ['oom-kill: web.service', 'oom-kill: db.service']);
  });

  it('ends when none was killed for a while', () => {
    const linux = host(oomKill);
    kill(linux, linux.spawn('cache'), 'cache');

    linux.pass(130_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, one is nothing', () => {
    const linux = host(oomKill, { options: { kills: 2 } });

    kill(linux, linux.spawn('cache'), 'cache');
    linux.pass(5_000);

    assert.deepEqual(linux.told, []);
  });

  it('counts those within the window, and no others: one in 50 s is never three in 60', () => {
    const linux = host(oomKill, { options: { kills: 3 } });

    for (let time = 0; time < 10; time++) {
      kill(linux, linux.spawn('cache'), 'cache');
      linux.pass(49_000);
    }

    assert.deepEqual(linux.told, []);
  });

  it('knows a container that is started anew after each, with another id', () => {
    const linux = host(oomKill, { options: { kills: 3 } });

    for (let time = 0; time < 3; time++) {
      const [id, cgroupId] = [`${time}`.padEnd(64, 'a'), 1_000 + time];
      linux.tell(made(cgroupId, docker(id), linux.now), named(id, 'api', { ...API, at: linux.now }));
      kill(linux, linux.spawn('payments', { cgroupId }), 'payments', { cgroupId });
    }

    assert.deepEqual(linux.open, ['oom-kill: payments/api-0/api']);
  });
});
