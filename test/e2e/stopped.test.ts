import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Party } from '../kernel/stall/watched.ts';
import { Exporter } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';

const STALL = 'culprit_blame_stall_seconds_total';
const STOPPED_MS = 5_000;

/** As of a host that sleeps, or a virtual machine that is moved: all clocks have gone on when it wakes. */
describe('an exporter that was stopped for five seconds', { skip: requirement('bpf', 'taskset', 'perl') }, () => {
  it('has the waits of that time too, as the kernel counted them', async () => {
    const exporter = await Exporter.start();
    const parties = [
      await Party.start('stopped-a', '1', '1 while 1'),
      await Party.start('stopped-b', '1', '1 while 1'),
    ];
    const [one, other] = parties as [Party, Party];
    const waitOf = (page: Sample[]) => sum(page, STALL, { victim: one.cgroup.path });
    const before = one.waited();
    for (const party of parties) party.begin();
    await exporter.settle((page) => waitOf(page) > 0);

    process.kill(exporter.pid, 'SIGSTOP');
    await sleep(STOPPED_MS);
    process.kill(exporter.pid, 'SIGCONT');
    await exporter.settle((page) => waitOf(page) > STOPPED_MS / 4_000);
    for (const party of parties) await party.freeze();
    const waited = one.waited() - before;
    const page = await exporter.settle((each) => Math.abs(waitOf(each) - waited) < 0.005 * waited, 10_000);

    assert.ok(Math.abs(waitOf(page) - waited) < 0.005 * waited, `told ${waitOf(page)} s of ${waited} s`);
    assert.ok(sum(page, STALL, { victim: one.cgroup.path, offender: other.cgroup.path }) > 0.9 * waited);
    for (const party of parties) await party.end();
    await exporter.stop();
  });
});
