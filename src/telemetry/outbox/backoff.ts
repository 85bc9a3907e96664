const FIRST_MS = 1_000;
/** A collector that was away for long is found again within this. */
const LONGEST_MS = 30_000;

/**
 * How long to wait after so many failures in a row: twice as long each time, of which half is left to chance (0 to 1), so that a
 * fleet that lost its collector at one moment does not come back at one moment.
 */
export function backoffMs(failures: number, chance: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return (whole / 2) * (1 + chance);
}
