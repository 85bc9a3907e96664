/** What two readings of the clocks may differ by without the wall clock having been set: it tells whole milliseconds. */
const JITTER_MS = 5;
/** A pause between two readings, of the scheduler or of a collection, makes them tell nothing. */
const PAUSE_MS = 1;

/** `performance.now()` counts from the process's start, on the same clock. It allocates nothing, other than `hrtime.bigint`. */
const bootToProcessMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** CLOCK_MONOTONIC in milliseconds. */
export function now(): number {
  return performance.now() + bootToProcessMs;
}

let offsetMs = Date.now() - now();

/**
 * What added to `now()` makes Unix time.
 *
 * It stays the same to the last bit until somebody sets the wall clock or the host has slept: an exemplar that is told twice
 * with another time is a second one to Prometheus, and one that comes out of order.
 */
export function wallOffsetMs(): number {
  const before = now();
  const seenMs = Date.now() - before;
  if (now() - before < PAUSE_MS && Math.abs(seenMs - offsetMs) > JITTER_MS) offsetMs = seenMs;
  return offsetMs;
}
