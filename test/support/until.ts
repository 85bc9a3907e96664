import { setTimeout as sleep } from 'node:timers/promises';
import { isGuest } from './guest.ts';

/** The limit is only for what fails: nothing waits longer than it must. */
const WITHIN_MS = isGuest ? 180_000 : 60_000;

/**
 * What may be called at once on a machine that is three times slower than ours and busy with others; how long we truly take is a
 * matter of the benches. A test that measures it waits for something that would take far longer, or never come.
 */
export const AT_ONCE_MS = 5_000;

export interface Patience {
  readonly withinMs?: number;
  /** What is waited for, as a test that fails says it. */
  readonly what?: string;
}

/** Resolves with what `found` finds, once it finds something; asks again and again. Rejects at the limit, or when `found` throws. */
export async function until<Found>(
  found: () => Found | undefined | false | Promise<Found | undefined | false>,
  { withinMs = WITHIN_MS, what = 'it' }: Patience = {},
): Promise<Found> {
  for (const began = performance.now(); ; await sleep(20)) {
    const result = await found();
    if (result !== undefined && result !== false) return result;
    if (performance.now() - began > withinMs) throw new Error(`${what} did not happen within ${withinMs / 1000} s`);
  }
}
