import type { Cause } from '../model/stall.ts';

/** How a victim's wait divides, in any unit; the rest of `whole` is not known. */
export interface Division {
  readonly whole: number;
  readonly byCause: Readonly<Partial<Record<Cause, number>>>;
}

/** `none`: too little to speak of. `unknown`: most of it could not be seen. */
export type Verdict = Cause | 'none' | 'unknown';

/** What explains half of a wait explains it. */
const MOST = 0.5;
/** Below it a neighbour is one of many. */
const MUCH = 0.2;

/**
 * What a person should look at first.
 *
 * In this order, because each explains away what comes after it: a quota stops a task whoever runs meanwhile; its own
 * threads are nobody else's fault; a stolen CPU was held by no task of this host; the kernel works for somebody, but not
 * for one that could be named. Only then a neighbour. What was not seen is never dealt out.
 */
const ORDER: readonly Cause[] = ['throttle', 'self', 'hypervisor', 'irq', 'kernel', 'neighbour', 'idle'];

export function triage({ whole, byCause }: Division): Verdict {
  if (whole <= 0) return 'none';

  const share = (cause: Cause): number => (byCause[cause] ?? 0) / whole;
  const most = ORDER.find((cause) => share(cause) >= MOST);
  if (most !== undefined) return most;
  const unseen = 1 - ORDER.reduce((sum, cause) => sum + share(cause), 0);
  if (unseen >= MOST) return 'unknown';

  const [largest] = ORDER.toSorted((one, other) => share(other) - share(one));
  return largest !== undefined && share(largest) >= MUCH ? largest : 'unknown';
}
