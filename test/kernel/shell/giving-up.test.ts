import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../../src/core/model/event.ts';
import { BpfSense } from '../../../src/kernel/bpf-sense.ts';
import { Cgroups } from '../../../src/kernel/cgroups.ts';
import { Collectors } from '../../../src/kernel/collectors.ts';
import { Governor } from '../../../src/kernel/governor.ts';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { Schedule } from '../../../src/kernel/schedule.ts';
import { LOOK_EVERY_MS } from '../../../src/kernel/waiting.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { arena, hogFor } from '../probes/hogs.ts';

describe('what is given up because we cost too much', { skip: requirement('bpf', 'chrt') }, () => {
  it('leaves nobody to wait for ever: the looks for who waits end with a last word', async (t) => {
    const [victim, offender] = [arena(t, 'left'), arena(t, 'leaver')];
    const kinds: Event['kind'][] = [];
    const emit = ({ kind }: Event) => kinds.push(kind);
    const now = () => Number(process.hrtime.bigint()) / 1e6;
    const { tree, whole } = findCgroupMounts('/proc');
    const governor = new Governor({ levelMax: 1, stepDownRatio: 0.008, stopRatio: 0.015 });
    const schedule = new Schedule(now);
    const sense = BpfSense.open(
      { objectPath: '', ringBytes: 4 * 1024 * 1024, drainHz: 20, blameIo: 'off' },
      {
        procRoot: '/proc',
        tree,
        cpuMount: undefined,
        ioMount: undefined,
        cgroups: new Cgroups({ tree, whole, emit, now }),
        collectors: new Collectors(now, (_, reason) => assert.fail(reason)),
        schedule,
        governor,
        emit,
        isShort: () => false,
        now,
      },
    );
    t.after(async () => {
      await schedule.stop();
      sense.close();
    });
    sense.start();
    await victim.begin();
    offender.start(hogFor(3, 20));
    await until(() => kinds.includes('waiting'));

    governor.judge(now(), 1);
    const from = kinds.length;
    await until(() => kinds.includes('waiting-end', from));
    await sleep(3 * LOOK_EVERY_MS);

    assert.deepEqual(
      kinds.slice(from).filter((kind) => kind.startsWith('waiting')),
      ['waiting-end'],
    );
  });
});
