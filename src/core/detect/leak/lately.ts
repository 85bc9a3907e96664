import type { Process } from '../../model/process.ts';
import type { Instant } from '../../model/units.ts';
import type { Sight } from '../contract.ts';
import { heldBy } from './processes.ts';
import { HELD_BYTES_MIN } from './watched.ts';

export const LATELY_MS = 60_000;

export interface Gained {
  readonly process: Process;
  readonly bytes: number;
}

/** Who of these gained most memory in the last minute. */
export function mostGained(
  accounts: Sight['accounts'],
  processes: Iterable<Process>,
  now: Instant,
): Gained | undefined {
  let most: Gained | undefined;
  for (const process of processes) {
    if (!(heldBy(process) >= HELD_BYTES_MIN)) continue;
    const bytes = gained(accounts, process, now);
    if (bytes > (most?.bytes ?? 0)) most = { process, bytes };
  }
  return most;
}

/** Whose rate is not known yet began with nothing, where it began before our eyes; NaN of any other. */
function gained(accounts: Sight['accounts'], process: Process, now: Instant): number {
  const held = heldBy(process);
  const { growthBytesPerSecond } = accounts.rates.of(process, now);
  if (!Number.isNaN(growthBytesPerSecond)) return Math.min(held, (growthBytesPerSecond * LATELY_MS) / 1_000);
  const begunAt = Math.max(process.forkedAt || 0, process.execedAt || 0);
  return now - begunAt < LATELY_MS ? held : Number.NaN;
}
