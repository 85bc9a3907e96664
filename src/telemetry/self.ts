import { prometheusName } from './name.ts';
import { columnIndex, type Sheets } from './rows.ts';
import { type SelfName, SHEET_FAMILIES } from './table.ts';

/** One number that Culprit tells of itself. */
export interface SelfSample {
  readonly family: SelfName;
  readonly labels: Readonly<Record<string, string>>;
  /** In the family's unit; NaN is no sample. */
  readonly value: number;
}

/**
 * All of them as they are now, cheap and without side effect: each scrape and each push asks.
 *
 * A label set that was told once is told always (a state that ended is a 0), for a push repeats what it was once told.
 */
export type SelfReading = () => Iterable<SelfSample>;

/** Samples that the sheets have now, as the self metric `culprit.series`. */
export function seriesReading(sheets: Sheets): SelfReading {
  return () =>
    SHEET_FAMILIES.map((family) => {
      const rows = sheets[family.sheet];
      const columns = family.kind === 'histogram' ? [family.sum] : family.cells.map(({ column }) => column);
      const perCell = family.kind === 'histogram' ? family.buckets.length + 2 : 1;
      const known = columns.reduce(
        (sum, column) => sum + knownCells(rows.columns[columnIndex(rows, column)]!, rows),
        0,
      );
      const labels = { family: prometheusName(family.name, family.unit, family.kind) };
      return { family: 'culprit.series', labels, value: known * perCell };
    });
}

function knownCells(column: Float64Array, { live, size }: { live: Int32Array; size: number }): number {
  let known = 0;
  for (let index = 0; index < size; index++) {
    if (!Number.isNaN(column[live[index]!]!)) known += 1;
  }
  return known;
}
