import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import noisyNeighbour from '../../../src/core/detect/noisy-neighbour.ts';
import type { Owner, StallEvent } from '../../../src/core/model/stall.ts';
import { host, type TestHost } from './host.ts';

const WEB = 100;
const DB = 200;
const BATCH = 300;
const NS_PER_MS = 1e6;

/** Each second for so long, the victim waited so many ms of it behind the owner. */
function waits(
  linux: TestHost,
  seconds: number,
  parts: readonly (Partial<StallEvent> & { readonly ms: number })[],
): void {
  for (let second = 0; second < seconds; second++) {
    for (const { ms, ...more } of parts) linux.tell({ ...behind(BATCH), ns: ms * NS_PER_MS, at: linux.now, ...more });
    linux.pass(1_000);
  }
}

function behind(id: number, kind: Owner['kind'] = 'cgroup'): StallEvent {
  const owner = { kind, id };
  return { kind: 'stall', at: 0, resource: 'cpu', basis: 'measured', victimId: WEB, owner, ns: 0, holders: [] };
}

describe('noisy-neighbour, at a second in ten and a fifth of the wait', () => {
  it('names the offender, its heaviest process, and the victim', () => {
    const linux = host(noisyNeighbour);
    const pid = linux.spawn('convert', { cgroupId: BATCH });

    waits(linux, 10, [{ ms: 150, holders: [{ pid, ns: 140 * NS_PER_MS }] }]);

    assert.deepEqual(
      linux.incidents.map(({ entity, culprit, victim }) => {
        return [entity.name, culprit.process?.exe, culprit.workload?.name, victim?.name];
      }),
      [['batch.service → web.service', 'convert', 'batch.service', 'web.service']],
    );
  });

  it('tells of both who make one victim wait', () => {
    const linux = host(noisyNeighbour);

    waits(linux, 10, [{ ms: 150 }, { ms: 180, owner: { kind: 'cgroup', id: DB } }]);

    assert.deepEqual(linux.open.toSorted(), [
      'noisy-neighbour: batch.service → web.service',
      'noisy-neighbour: db.service → web.service',
    ]);
  });

  it("is silent about what the victim's own quota caused, and about its own threads", () => {
    const linux = host(noisyNeighbour);

    waits(linux, 20, [
      { ms: 5_000, owner: { kind: 'throttle', id: WEB } },
      { ms: 3_000, owner: { kind: 'cgroup', id: WEB } },
      { ms: 50 },
    ]);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about one of a crowd: a tenth of the wait', () => {
    const linux = host(noisyNeighbour);

    waits(linux, 20, [{ ms: 200 }, { ms: 1_800, owner: { kind: 'cgroup', id: WEB } }]);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a client and a server that share a CPU: three hundredths of the time', () => {
    const linux = host(noisyNeighbour);

    waits(linux, 60, [{ ms: 30 }, { ms: 14, victimId: BATCH, owner: { kind: 'cgroup', id: WEB } }]);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about what was only inferred', () => {
    const linux = host(noisyNeighbour);

    waits(linux, 20, [{ ms: 500, basis: 'inferred' }]);

    assert.deepEqual(linux.told, []);
  });

  it('ends a minute after the last wait left the window', () => {
    const linux = host(noisyNeighbour);
    waits(linux, 10, [{ ms: 150 }]);

    linux.pass(72_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so much: at twice the threshold, the same is nothing', () => {
    const linux = host(noisyNeighbour, { options: { waitMilliseconds: 2_000 } });

    waits(linux, 20, [{ ms: 150 }]);

    assert.deepEqual(linux.told, []);
  });
});
