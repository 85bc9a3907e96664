import { type NumberFamily, single } from './family.ts';
import { pressureFamily } from './pressure.ts';

/** The host as a whole, since it booted. */
export const HOST_FAMILIES: readonly NumberFamily[] = [
  pressureFamily('culprit.pressure.stall', 'host', 'the host'),
  {
    name: 'culprit.host.task.starts',
    unit: '{task}',
    kind: 'counter',
    help: 'Processes and threads started since boot, as the kernel counts them.',
    sheet: 'host',
    ...single('task_starts'),
  },
  gauge('culprit.host.tasks', '{task}', 'tasks', 'Processes and threads.'),
  gauge(
    'culprit.host.tasks.limit',
    '{task}',
    'tasks_limit',
    'As many the host may have: pid_max, or threads-max where that is less.',
  ),
  gauge(
    'culprit.host.open_files',
    '{file}',
    'files_open',
    'Open files of all processes; one that several share counts once.',
  ),
  gauge('culprit.host.open_files.limit', '{file}', 'files_limit', 'As many open files the host may have.'),
  gauge('culprit.host.memory', 'By', 'memory_bytes', 'Memory of the host that the kernel can give out.'),
  gauge(
    'culprit.host.memory.available',
    'By',
    'memory_available_bytes',
    'What of it a new process could have without swapping, as the kernel reckons.',
  ),
  gauge('culprit.host.swap.free', 'By', 'swap_free_bytes', 'Swap space that nobody uses.'),
];

function gauge(name: string, unit: string, column: string, help: string): NumberFamily {
  return { name, unit, kind: 'gauge', help, sheet: 'host', ...single(column) };
}
