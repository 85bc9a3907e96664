/** Does anything grow with the number of processes that ever lived? */

import { Cgroup } from '../test/support/cgroup.ts';
import { memoryMb } from '../test/support/cost.ts';
import { Exporter } from '../test/support/exporter.ts';
import { type Sample, sum } from '../test/support/samples.ts';
import { Figures, isSmoke, progress } from './harness/figures.ts';
import { heapMb } from './harness/heap.ts';
import { start } from './harness/load.ts';

const LIVE = isSmoke ? 500 : 10_000;
const TOTAL = isSmoke ? 10_000 : 200_000;

const figures = new Figures(`churn: ${LIVE} live, ${TOTAL} distinct processes`);
const exporter = await Exporter.start();
const before = await exporter.scrape();

const cgroup = new Cgroup('culprit-churn');
const load = start('replace', cgroup.procs, String(LIVE), String(TOTAL));
await load.next();
await exporter.settle((page) => forks(page) - forks(before) >= LIVE);
const heapBefore = await heapMb(exporter.pid);
load.goOn();
progress(`replacing them until ${TOTAL} have lived`);
await load.next();
const during = await exporter.settle((page) => forks(page) - forks(before) >= TOTAL);
const heapAfter = await heapMb(exporter.pid);

figures.add('heap, after the first', heapBefore, 'MB');
figures.add('heap, after all of them', heapAfter / heapBefore, 'ratio', { atMost: 1.1, smoke: 1.5 });
figures.add('RSS at its highest', memoryMb(exporter.pid, 'VmHWM'), 'MB', { atMost: 120, smoke: 160 });
figures.add('RSS at the end', memoryMb(exporter.pid), 'MB');
figures.add('kernel maps', sum(during, 'culprit_map_memory_bytes') / 1024 ** 2, 'MiB', { atMost: 10 });
figures.add('series', during.length, '', { atMost: 20_000 });

const truth = await load.end();
await exporter.settle((page) => exits(page) - exits(before) >= truth.started, 60_000);
// What a process used is final when it is off the CPU and waited for, some milliseconds later.
const after = await exporter.settle((page) => Math.abs(cpu(page) - 1) < 0.005);
figures.add('forks counted', own(after, 'culprit_process_forks_total'), '', { exactly: truth.started });
figures.add('exits counted', own(after, 'culprit_process_exits_total', { reason: 'signal' }), '', {
  exactly: truth.signal,
});
figures.add('events lost', sum(after, 'culprit_events_lost_total'), '', { exactly: 0 });
figures.add('CPU counted, of what the kernel counted', cpu(after), 'ratio', { atLeast: 0.98 });
figures.add('CPU counted, of what the kernel counted (upper)', cpu(after), 'ratio', { atMost: 1.02, smoke: 1.1 });
await exporter.stop();
figures.finish();
process.exit();

/** The load's own group: nothing else on the host has its name. */
function own(page: Sample[], name: string, match: Record<string, string> = {}): number {
  return sum(page, name, { group: 'load', ...match });
}

function forks(page: Sample[]): number {
  return own(page, 'culprit_process_forks_total');
}

function exits(page: Sample[]): number {
  return own(page, 'culprit_process_exits_total');
}

function cpu(page: Sample[]): number {
  return own(page, 'culprit_process_cpu_time_seconds_total') / cgroup.usedSeconds();
}
