/**
 * What a horizon said lately, in one number: below `hits`, how often in a row it said yes; from `hits` on it is held to
 * be true, until it has said no `hits` times in a row. Where it is asked more rarely than it could be, it is asked for
 * `times` at once.
 */
export function tally(count: number, isHit: boolean, times: number, hits: number): number {
  if (isHit) return count + times >= hits ? 2 * hits - 1 : count + times;
  return count - times >= hits ? count - times : 0;
}
