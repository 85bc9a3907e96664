import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import cpuPinned from '../../../src/core/detect/cpu-pinned.ts';
import { ran, threadSample } from '../support/events.ts';
import { host, type TestHost } from './host.ts';

const SECOND = 1e9;

interface Load {
  /** Of one CPU, each second. */
  readonly share: (second: number) => number;
  /** What another workload waits behind it, of each second. */
  readonly waits?: number;
  readonly tid?: number;
  /** Of its process, where the samples are of that. */
  readonly threads?: number;
  readonly leaderRuntimeNs?: number;
  /** Between two snapshots. */
  readonly everySeconds?: number;
}

class Thread {
  #usedNs = 5 * SECOND;

  run(linux: TestHost, pid: number, seconds: number, load: Load): void {
    const { share, waits = 0.1, tid = pid, everySeconds = 1, ...more } = load;
    for (let second = 0; second < seconds; second++) {
      this.#usedNs += share(second) * SECOND;
      const used = ran(this.#usedNs);
      const isSeen = second % everySeconds === 0;
      if (isSeen && tid === pid) linux.snapshot({ pid, used, ...more });
      else if (isSeen) linux.tell(threadSample(pid, tid, { at: linux.now, used }));
      const ns = waits * SECOND;
      const owner = { kind: 'cgroup', id: 100 } as const;
      const of = { resource: 'cpu', basis: 'measured', victimId: 200, owner, holders: [{ pid, ns }] } as const;
      if (ns > 0) linux.tell({ kind: 'stall', at: linux.now, ns, ...of });
      linux.pass(1_000);
    }
  }
}

describe('cpu-pinned, above 95 % of a CPU for a minute', () => {
  it('names the process, and who waits behind it', () => {
    const linux = host(cpuPinned);
    const pid = linux.spawn('spinner');

    new Thread().run(linux, pid, 65, { share: () => 0.99 });

    assert.deepEqual(
      linux.incidents.map(({ entity, victim }) => [entity.name, victim?.name]),
      [[`spinner (pid ${pid}), thread ${pid}`, 'db.service']],
    );
  });

  it('knows a thread that is not the first of its process', () => {
    const linux = host(cpuPinned);
    const pid = linux.spawn('server');

    new Thread().run(linux, pid, 65, { share: () => 0.99, tid: pid + 5_000 });

    assert.deepEqual(linux.open, [`cpu-pinned: server (pid ${pid}), thread ${pid + 5_000}`]);
  });

  it('is silent about a thread for each request: what they used stands with the leader, which only sleeps', () => {
    const linux = host(cpuPinned);
    const server = linux.spawn('server');
    const load = { share: () => 1, leaderRuntimeNs: SECOND, threads: 2 };

    new Thread().run(linux, server, 300, load);

    assert.deepEqual(linux.told, []);
  });

  it('is silent about several threads where only the process is counted, as in `/proc`', () => {
    const linux = host(cpuPinned);

    new Thread().run(linux, linux.spawn('server'), 300, { share: () => 3, threads: 4 });

    assert.deepEqual(linux.told, []);
  });

  it('knows a leader by what it used itself', () => {
    const linux = host(cpuPinned);
    const [thread, pid] = [new Thread(), linux.spawn('server')];

    for (let second = 0; second < 65; second++)
      thread.run(linux, pid, 1, { share: () => 3, leaderRuntimeNs: second * SECOND, threads: 4 });

    assert.deepEqual(
      linux.incidents.map(({ value }) => value),
      [1],
    );
  });

  it('is silent when nobody waits: that is what a CPU is for', () => {
    const linux = host(cpuPinned);

    new Thread().run(linux, linux.spawn('batch'), 300, { share: () => 1, waits: 0 });

    assert.deepEqual(linux.told, []);
  });

  it('is silent about a thread that rests now and then', () => {
    const linux = host(cpuPinned);

    new Thread().run(linux, linux.spawn('worker'), 300, { share: (second) => (second % 30 === 29 ? 0.1 : 1) });

    assert.deepEqual(linux.told, []);
  });

  it('ends a minute after it rests', () => {
    const linux = host(cpuPinned);
    const [thread, pid] = [new Thread(), linux.spawn('spinner')];
    thread.run(linux, pid, 65, { share: () => 1 });

    thread.run(linux, pid, 70, { share: () => 0 });

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  for (const everySeconds of [60, 300])
    it(`knows it by few snapshots, too, where they come every ${everySeconds} s`, () => {
      const linux = host(cpuPinned);
      const pid = linux.spawn('spinner');

      new Thread().run(linux, pid, 2 * everySeconds + 5, { share: () => 1, everySeconds });

      assert.deepEqual(linux.open, [`cpu-pinned: spinner (pid ${pid}), thread ${pid}`]);
    });

  it('does not know what was while snapshots were missing', () => {
    const linux = host(cpuPinned);
    const [thread, pid] = [new Thread(), linux.spawn('spinner')];
    thread.run(linux, pid, 40, { share: () => 1 });
    thread.run(linux, pid, 10, { share: () => 1, everySeconds: 20 });

    thread.run(linux, pid, 40, { share: () => 1 });

    assert.deepEqual(linux.told, []);
  });

  it('needs so long: at twice the time, the same is nothing', () => {
    const linux = host(cpuPinned, { options: { windowSeconds: 120 } });

    new Thread().run(linux, linux.spawn('spinner'), 100, { share: () => 1 });

    assert.deepEqual(linux.told, []);
  });
});
