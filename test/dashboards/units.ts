import type { Family } from '../../src/telemetry/table.ts';

/** Units of Grafana that tell the truth about a metric, as it is and as a rate. */
const LAWFUL: Readonly<Record<string, { readonly plain: readonly string[]; readonly rate: readonly string[] }>> = {
  // Seconds in a second are a share, or so many at a time.
  s: { plain: ['s'], rate: ['percentunit', 'short'] },
  By: { plain: ['bytes'], rate: ['Bps'] },
  'By/s': { plain: ['Bps'], rate: [] },
  '1': { plain: ['percentunit', 'short'], rate: [] },
};
const COUNTED = { plain: ['short'], rate: ['cps'] };

/** What the unit of a panel may be that asks for this metric in this way. */
export function lawfulUnits({ unit }: Pick<Family, 'unit'>, expr: string): readonly string[] {
  // A quotient has a unit of its own, a count none, and a quantile that of its buckets.
  if (/\)? \/ /.test(expr)) return ['percentunit'];
  if (/^(?:count|sort_desc\(count)/.test(expr)) return ['short'];
  const isCount = /_(?:bucket|count)\{/.test(expr) && !expr.startsWith('histogram_quantile');
  const lawful = isCount ? COUNTED : (LAWFUL[unit] ?? COUNTED);
  if (expr.startsWith('histogram_quantile')) return lawful.plain;
  if (/\bincrease\(/.test(expr)) return lawful.plain;
  return /\brate\(/.test(expr) ? lawful.rate : lawful.plain;
}
