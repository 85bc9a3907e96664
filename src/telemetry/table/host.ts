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
];
