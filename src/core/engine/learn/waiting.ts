import type { Accounts } from '../../account/accounts.ts';
import type { Matrix } from '../../blame/matrix.ts';
import type { Reclaim } from '../../blame/reclaim.ts';
import type { Waits } from '../../blame/waits.ts';
import type { Lessons } from './lessons.ts';

export interface WaitingParts {
  readonly accounts: Accounts;
  readonly blame: Matrix;
  readonly reclaim: Reclaim;
  readonly waits: Waits;
}

/** Who waits, and behind whom. */
export function waiting({
  accounts,
  blame,
  reclaim,
  waits,
}: WaitingParts): Lessons<'stall' | 'switches' | 'long-wait' | 'waiting' | 'waiting-end'> {
  return {
    stall: (event) => reclaim.observe(event),
    switches: (event) => blame.observeSwitches(event),
    'long-wait': (event) => waits.observe(event),
    waiting: (event) => waits.observeOpen(event),

    'waiting-end'({ at }) {
      waits.endLook();
      accounts.showLongestWaits(waits.longest(at), at);
    },
  };
}
