/** Below these, nine and six decimals make no more than 15 digits, which is what a double holds in any case. */
export const NANO_BELOW = 1e6;
export const MICRO_BELOW = 1e9;

/**
 * A number of the sheets as both readers tell it: to nine decimals, from a million on to six, from a billion on as it is.
 *
 * The kernel measures in nanoseconds; what a sum of doubles has beyond that is noise that every reader would have to store.
 * Rounding keeps order, so a counter still never falls.
 */
export function told(value: number): number {
  const size = Math.abs(value);
  if (size >= MICRO_BELOW || Number.isNaN(size)) return value;
  const scale = size < NANO_BELOW ? 1e9 : 1e6;
  return (Math.sign(value) * Math.round(size * scale)) / scale;
}
