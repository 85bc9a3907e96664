import { type NumberFamily, single } from './family.ts';

/** Who made whom wait. */
export const BLAME_FAMILIES: readonly NumberFamily[] = [
  {
    name: 'culprit.blame.stall',
    unit: 's',
    kind: 'counter',
    help: 'Task-seconds that the victim waited while the offender held the resource, by cause; they add up to its run delay.',
    sheet: 'blame',
    ...single('stall_seconds'),
  },
];
