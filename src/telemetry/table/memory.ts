import { by, type SheetFamily, single } from './family.ts';

const sheet = 'workloads';

/** What the memory controller tells of a workload. */
export const MEMORY_FAMILIES: readonly SheetFamily[] = [
  {
    name: 'culprit.workload.memory.usage',
    unit: 'By',
    kind: 'gauge',
    help: "Memory that the workload's limit counts: its processes', the page cache of what they read and wrote, and the kernel's for them.",
    sheet,
    ...single('memory_usage_bytes'),
  },
  {
    name: 'culprit.workload.memory.anonymous',
    unit: 'By',
    kind: 'gauge',
    help: 'The part of it that belongs to no file, and can only be swapped out.',
    sheet,
    ...single('memory_anonymous_bytes'),
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
    name: 'culprit.workload.memory.high',
    unit: 'By',
    kind: 'gauge',
    help: 'The usage above which the kernel slows the workload down and reclaims from it.',
    sheet,
    ...single('memory_high_bytes'),
  },
  {
    name: 'culprit.workload.memory.events',
    unit: '{event}',
    kind: 'counter',
    help: 'How often the workload was above that (high), at its limit (max), and at its limit with nothing to reclaim (oom).',
    sheet,
    ...by('event', ['high', 'max', 'oom'], (event) => `memory_events_${event}`),
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
