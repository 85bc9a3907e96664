import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import stuckIo from '../../../src/core/detect/stuck-io.ts';
import { fork } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

interface Wait {
  readonly pid: number;
  readonly tid?: number;
  readonly site?: string;
}

/** A snapshot each second, in which these wait, since the first. */
function block(linux: TestHost, seconds: number, waits: readonly Wait[]): void {
  for (let second = 0; second <= seconds; second++) {
    const { now: at } = linux;
    linux.tell({ kind: 'snapshot-begin', at });
    for (const { pid, tid = pid, site = 'folio_wait_bit_common' } of waits) {
      const { startedNs } = linux.engine.tree.get(pid)!;
      linux.tell({ kind: 'blocked', at, pid, startedNs, tid, blockedMs: second * 1_000, site });
    }
    for (const { pid, startedNs } of [...linux.engine.tree.live])
      linux.tell({ kind: 'idle-sample', at, pid, startedNs });
    linux.tell({ kind: 'snapshot-end', at });
    linux.pass(1_000);
  }
}

function workers(linux: TestHost, count: number, cgroupId = 100): Wait[] {
  const pids = Array.from({ length: count }, () => linux.spawn('worker', { cgroupId }));
  return pids.map((pid) => ({ pid }));
}

describe('stuck-io, at four tasks for five seconds', () => {
  it('names the workload, and where they wait', () => {
    const linux = host(stuckIo);

    block(linux, 7, workers(linux, 5));

    assert.deepEqual(
      linux.incidents.map(({ entity, value, evidence }) => [entity.name, value, evidence[0]!.what]),
      [['web.service', 5, 'wait in folio_wait_bit_common']],
    );
  });

  it('counts threads, and names their process', () => {
    const linux = host(stuckIo);
    const [{ pid }] = workers(linux, 1) as [Wait];

    block(
      linux,
      7,
      [1, 2, 3, 4].map((each) => ({ pid, tid: pid + 1_000 + each, site: 'request_wait_answer' })),
    );

    assert.equal(linux.incidents[0]?.culprit.process?.pid, pid);
  });

  it('is silent about three', () => {
    const linux = host(stuckIo);

    block(linux, 60, workers(linux, 3));

    assert.deepEqual(linux.told, []);
  });

  it('is silent about four seconds, again and again: a slow disk', () => {
    const linux = host(stuckIo);
    const many = workers(linux, 20);

    for (let round = 0; round < 20; round++) block(linux, 4, many);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about parents whose vfork has not begun a program yet', () => {
    const linux = host(stuckIo);

    block(
      linux,
      60,
      workers(linux, 20).map((wait) => ({ ...wait, site: 'kernel_clone' })),
    );

    assert.deepEqual(linux.told, []);
  });

  it('is silent about them too where the kernel does not say where they wait', () => {
    const linux = host(stuckIo);
    const parents = workers(linux, 20);
    for (const { pid } of parents) linux.tell(fork(pid + 5_000, pid, { at: linux.now }));

    block(
      linux,
      60,
      parents.map((wait) => ({ ...wait, site: '' })),
    );

    assert.deepEqual(linux.told, []);
  });

  it('does not add up workloads', () => {
    const linux = host(stuckIo);

    block(linux, 60, [...workers(linux, 3), ...workers(linux, 3, 200)]);

    assert.deepEqual(linux.told, []);
  });

  it('ends when they go on', () => {
    const linux = host(stuckIo);
    block(linux, 10, workers(linux, 5));

    block(linux, 70, []);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(stuckIo, { options: { tasks: 8 } });

    block(linux, 60, workers(linux, 5));

    assert.deepEqual(linux.told, []);
  });
});
