import assert from 'node:assert/strict';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Event, ProcessSampleEvent } from '../../../src/core/model/event.ts';
import { Cgroups } from '../../../src/kernel/cgroups.ts';
import { v2At } from '../../../src/kernel/mounts.ts';
import { ProcfsSnapshots } from '../../../src/kernel/procfs.ts';
import { asNobody } from './nobody.ts';
import { type Files, plant, tree } from './tree.ts';

interface Described {
  readonly comm?: string | Buffer;
  readonly parent?: number;
  readonly ticks?: number;
  readonly started?: number;
  readonly status?: string;
}

const STATUS =
  'Name:\tcat\nUid:\t1000\t0\t0\t0\nVmHWM:\t  40 kB\nRssAnon:\t  8 kB\nRssFile:\t  16 kB\nRssShmem:\t 4 kB\nVmSwap:\t  2 kB\n';

function process(
  pid: number,
  { comm = 'cat', parent = 1, ticks = 30, started = 500, status = STATUS }: Described = {},
): Files {
  const numbers = `${parent} 0 0 0 -1 0 0 0 7 0 ${ticks} 10 11 22 20 0 3 0 ${started} 1000 5`;

  return {
    [`${pid}/stat`]: Buffer.concat([Buffer.from(`${pid} (`), Buffer.from(comm), Buffer.from(`) S ${numbers} 99\n`)]),
    [`${pid}/status`]: status,
    [`${pid}/io`]: 'rchar: 1\nread_bytes: 4096\nwrite_bytes: 8192\n',
    [`${pid}/limits`]:
      'Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 524288     files\n',
    [`${pid}/cgroup`]: '5:memory:/0::/named/by/who/likes/to/hide\n0::/app\n',
    [`${pid}/oom_score_adj`]: '-500\n',
  };
}

function snapshots(t: TestContext, files: Files) {
  const procRoot = tree(t, { ...files, self: null, 'sys/kernel': null, uptime: '1' });
  const events: Event[] = [];
  let at = 0;
  const emit = (event: Event) =>
    events.push(event.kind === 'process-sample' ? { ...event, used: { ...event.used } } : { ...event });
  const cgroups = new Cgroups({ tree: v2At(tree(t, { app: null })), whole: true, emit: () => {}, now: () => at });
  const reader = new ProcfsSnapshots({ procRoot, cgroups, emit, now: () => (at += 0.001) });
  cgroups.walk();

  return {
    procRoot,
    appId: cgroups.byPath('/app')!.id,
    take: async (): Promise<ProcessSampleEvent[]> => {
      events.length = 0;
      await reader.take(() => false);
      assert.deepEqual([events[0]?.kind, events.at(-1)?.kind], ['snapshot-begin', 'snapshot-end']);
      return events.filter((event) => event.kind === 'process-sample');
    },
  };
}

describe('a snapshot from /proc', () => {
  it('holds each process with what its files say', async (t) => {
    const { appId, take } = snapshots(t, { ...process(1, { parent: 0, started: 1 }), ...process(23) });

    const sample = (await take()).find(({ pid }) => pid === 23)!;

    const { at: _, fds: __, ...rest } = sample;
    assert.deepEqual(rest, {
      kind: 'process-sample',
      pid: 23,
      startedNs: 5e9,
      cgroupId: appId,
      parentPid: 1,
      parentStartedNs: 1e7,
      uid: 1000,
      comm: 'cat',
      exe: '',
      isKernelThread: false,
      state: 'sleeping',
      used: { runtimeNs: 4e8, userNs: 3e8, systemNs: 1e8, readBytes: 4096, writeBytes: 8192, majorFaults: 7 },
      leaderRuntimeNs: Number.NaN,
      anonymousBytes: 8192,
      fileBytes: 16384,
      sharedBytes: 4096,
      swapBytes: 2048,
      rssPeakBytes: 40960,
      fdLimit: 1024,
      threads: 3,
      oomScoreAdj: -500,
      pidNamespace: 0,
      childrenUserNs: 1.1e8,
      childrenSystemNs: 2.2e8,
    });
  });

  it('gives valid text for names that are not', async (t) => {
    const { take } = snapshots(t, process(23, { comm: Buffer.from([0xff, 0x29, 0x20, 0x0a]) }));

    assert.deepEqual(
      (await take()).map(({ comm }) => comm),
      ['\uFFFD) \n'],
    );
  });

  it('knows a reused pid by its start', async (t) => {
    const { procRoot, take } = snapshots(t, process(23));
    await take();
    plant(procRoot, process(23, { started: 900, status: STATUS.replace('1000', '1001') }));

    const [sample] = await take();

    assert.deepEqual([sample?.startedNs, sample?.uid], [9e9, 1001]);
  });

  it('reads no more than one file of a process that did nothing', async (t) => {
    const { procRoot, take } = snapshots(t, process(23));
    await take();
    plant(procRoot, { '23/status': STATUS.replace('8 kB', '9 kB') });

    assert.equal((await take())[0]?.anonymousBytes, 8192);

    plant(procRoot, process(23, { ticks: 31, status: STATUS.replace('8 kB', '9 kB') }));
    assert.equal((await take())[0]?.anonymousBytes, 9216);
  });

  it('looks at all of an idle process within 16 passes', async (t) => {
    const { procRoot, take } = snapshots(t, process(23));
    await take();
    plant(procRoot, { '23/status': STATUS.replace('8 kB', '9 kB') });

    for (let pass = 0; pass < 15; pass++) await take();

    assert.equal((await take())[0]?.anonymousBytes, 9216);
  });

  it('says that it cannot see, where it cannot', async (t) => {
    const { procRoot, take } = snapshots(t, process(23));
    for (const file of ['io', 'limits']) rmSync(join(procRoot, '23', file));

    const [sample] = await take();

    assert.deepEqual([sample?.used.readBytes, sample?.fdLimit, sample?.fds], [Number.NaN, Number.NaN, Number.NaN]);
  });

  it('leaves out whom it may not ask, as with hidepid, and of whose child the parent has no start', async (t) => {
    const { procRoot, take } = snapshots(t, { ...process(23, { parent: 24 }), ...process(24), ...process(25) });
    chmodSync(procRoot, 0o755);
    chmodSync(join(procRoot, '24'), 0o000);

    const told = await asNobody(take);

    assert.deepEqual(
      told.map(({ pid, parentPid, parentStartedNs }) => [pid, parentPid, parentStartedNs]),
      [
        [23, 24, 0],
        [25, 1, 0],
      ],
    );
  });

  it('leaves out who ends while it looks, and what is no process', async (t) => {
    const { take } = snapshots(t, { ...process(23), '24/environ': '', '25/stat': 'torn', net: null });

    assert.deepEqual(
      (await take()).map(({ pid }) => pid),
      [23],
    );
  });
});
