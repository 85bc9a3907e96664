import { LIFETIME_BOUNDS_SECONDS } from '../../core/model/process.ts';
import { type SheetFamily, single } from './family.ts';
import { pressureFamily } from './pressure.ts';

const sheet = 'workloads';

/** What the kernel tells of a cgroup, by workload. */
export const WORKLOAD_FAMILIES: readonly SheetFamily[] = [
  {
    name: 'culprit.process.lifetime',
    unit: 's',
    kind: 'histogram',
    help: 'How long the processes that ended had lived.',
    sheet,
    attributes: [],
    bounds: LIFETIME_BOUNDS_SECONDS,
    buckets: Array.from({ length: LIFETIME_BOUNDS_SECONDS.length + 1 }, (_, bucket) => `lifetime_${bucket}`),
    sum: 'lifetime_seconds',
  },
  {
    name: 'culprit.thread.starts',
    unit: '{thread}',
    kind: 'counter',
    help: 'Threads started, first threads of processes not among them.',
    sheet,
    ...single('thread_starts'),
  },
  {
    name: 'culprit.workload.run_delay',
    unit: 's',
    kind: 'counter',
    help: 'Time that tasks were ready to run and waited for a CPU.',
    sheet,
    ...single('run_delay_seconds'),
  },
  {
    name: 'culprit.workload.long_waits',
    unit: '{wait}',
    kind: 'counter',
    help: 'Single waits for a CPU of more than 50 ms.',
    sheet,
    ...single('long_waits'),
  },
  {
    name: 'culprit.workload.long_waits.untold',
    unit: '{wait}',
    kind: 'counter',
    help: 'Long waits that nothing but this count and the former tells of, because the workload had more than 20 a second.',
    sheet,
    ...single('long_waits_untold'),
  },
  {
    name: 'culprit.workload.longest_wait',
    unit: 's',
    kind: 'gauge',
    help: 'The longest single wait for a CPU that ended in the last minute or goes on: of 50 ms at least, or 100 ms while it goes on.',
    sheet,
    ...single('longest_wait_seconds'),
  },
  pressureFamily('culprit.workload.pressure.stall', sheet, 'the workload'),
  {
    name: 'culprit.workload.cpu.throttled',
    unit: 's',
    kind: 'counter',
    help: 'Time that the CPU quota held the workload back.',
    sheet,
    ...single('throttled_seconds'),
  },
  {
    name: 'culprit.workload.cpu.periods',
    unit: '{period}',
    kind: 'counter',
    help: 'Periods of the CPU quota in which the workload ran.',
    sheet,
    ...single('cpu_periods'),
  },
  {
    name: 'culprit.workload.cpu.throttled_periods',
    unit: '{period}',
    kind: 'counter',
    help: 'Periods in which the workload used up its CPU quota.',
    sheet,
    ...single('throttled_periods'),
  },
  {
    name: 'culprit.workload.memory.limit',
    unit: 'By',
    kind: 'gauge',
    help: 'The tightest memory limit that holds for the workload.',
    sheet,
    ...single('memory_limit_bytes'),
  },
  {
    name: 'culprit.workload.oom_kills',
    unit: '{kill}',
    kind: 'counter',
    help: 'Processes of the workload killed for want of memory.',
    sheet,
    ...single('oom_kills'),
  },
];
