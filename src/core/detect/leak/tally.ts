/**
 * What a horizon said lately, in one number: below `hits`, how often in a row it said yes; from `hits` on it is held to
 * be true, until it has said no `hits` times in a row.
 */
export function tally(count: number, isHit: boolean, hits: number): number {
  if (isHit) return count + 1 >= hits ? 2 * hits - 1 : count + 1;
  return count > hits ? count - 1 : 0;
}
