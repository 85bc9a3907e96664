import type { Cause } from '../model/stall.ts';

/** How a victim's wait divides, in any unit; the rest of `whole` is not known. */
export interface Division {
  readonly whole: number;
  readonly byCause: Readonly<Partial<Record<Cause, number>>>;
  /** Of the one neighbour that held the most. */
  readonly largestNeighbour: number;
  /** What is too little to speak of, in the same unit: see `littleOf`. */
  readonly little: number;
}

/** `none`: too little to speak of. `crowd`: neighbours, but none of them much. `unknown`: it could not be seen, or has no main cause. */
export const VERDICTS = [
  'none',
  'throttle',
  'self',
  'hypervisor',
  'irq',
  'kernel',
  'neighbour',
  'crowd',
  'idle',
  'unknown',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** From here on nothing else can be larger. */
const MOST = 0.5;
/** Below it a cause is one of many. */
const MUCH = 0.2;
/** 100 ms in 10 s. */
const LITTLE_RATE = 0.01;

/**
 * In this order, because each explains away what comes after it: a quota stops a task whoever runs meanwhile; its own
 * threads are nobody else's fault; a stolen CPU was held by no task of this host; the kernel works for somebody, but not
 * for one that could be named. Only then a neighbour.
 */
const ORDER = ['throttle', 'self', 'hypervisor', 'irq', 'kernel', 'neighbour', 'idle'] as const;

/** Of waits in that much time. */
export function littleOf(time: number): number {
  return time * LITTLE_RATE;
}

/**
 * What a person should look at first: the cause of the largest part, if that is a fifth; of two equals, the earlier in the
 * order. What was not seen is dealt out to nobody: from half of the wait on, it is the answer.
 */
export function triage(division: Division): Verdict {
  const { whole, byCause, little } = division;
  if (whole <= 0 || whole < little) return 'none';

  const share = (cause: Cause): number => (byCause[cause] ?? 0) / whole;
  const [largest] = ORDER.toSorted((one, other) => share(other) - share(one));
  const unseen = 1 - ORDER.reduce((sum, cause) => sum + share(cause), 0);
  if (largest === undefined || unseen >= MOST || share(largest) < MUCH) return 'unknown';
  return largest === 'neighbour' ? accuse(division) : largest;
}

/** A neighbour is named for much of the wait only, and only when that is not little. */
function accuse({ whole, largestNeighbour, little }: Division): Verdict {
  if (largestNeighbour / whole < MUCH) return 'crowd';
  return largestNeighbour < little ? 'none' : 'neighbour';
}
