import { prometheusName } from '../name.ts';
import { columnIndex, type Rows } from '../rows.ts';
import type { HistogramFamily } from '../table.ts';
import { appendExemplar, type ExemplarOf } from './exemplar.ts';
import { type Format, head } from './header.ts';
import type { Page } from './page.ts';
import { SAMPLE_ROOM, writeSample } from './sample.ts';
import type { Tails } from './tails.ts';
import type { Text } from './text.ts';

/**
 * Renders a family of histograms, row by row, as OpenMetrics wants them.
 *
 * There is no `_created`: Prometheus would store it as one more series of each, and the start of a row is in OTLP. A row with a
 * bucket that is not known is left out whole.
 */
export function histogramRenderer(
  family: HistogramFamily,
  rows: Rows,
  tails: Tails,
  exemplarOf: ExemplarOf,
): (page: Page, format: Format) => void {
  const name = prometheusName(family.name, family.unit, family.kind);
  const columns = family.buckets.map((column) => columnIndex(rows, column));
  const heads = family.buckets.map((_, bucket) => head(`${name}_bucket`, `le="${bound(family.bounds[bucket])}"`, rows));
  const sum = { column: columnIndex(rows, family.sum), head: head(`${name}_sum`, '', rows) };
  const count = head(`${name}_count`, '', rows);
  const counts = new Float64Array(columns.length);

  return (page, format) => {
    for (let index = 0; index < rows.size; index++) {
      const slot = rows.live[index]!;
      const total = rows.columns[sum.column]![slot]!;
      if (Number.isNaN(total) || !readCounts(counts, rows, columns, slot)) continue;

      let cumulative = 0;
      for (let bucket = 0; bucket < heads.length; bucket++) {
        cumulative += counts[bucket]!;
        append(page, heads[bucket]!, tails, slot, cumulative);
        if (format === 'openmetrics' && counts[bucket]! > 0)
          appendExemplar(page, exemplarOf(family.sheet, slot, bucket));
      }
      append(page, sum.head, tails, slot, total);
      append(page, count, tails, slot, cumulative);
    }
  };
}

/** False when a bucket is not known. */
function readCounts(counts: Float64Array, rows: Rows, columns: readonly number[], slot: number): boolean {
  for (let bucket = 0; bucket < columns.length; bucket++) {
    const count = rows.columns[columns[bucket]!]![slot]!;
    if (Number.isNaN(count)) return false;
    counts[bucket] = count;
  }
  return true;
}

/** OpenMetrics' canonical form, `1.0`, in both formats: a server then sees one series whichever it asked for. */
function bound(seconds: number | undefined): string {
  if (seconds === undefined) return '+Inf';
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds);
}

function append(page: Page, head: Text, tails: Tails, slot: number, value: number): void {
  page.reserve(head.length + tails.lengths[slot]! + SAMPLE_ROOM);
  page.length = writeSample(page.view, page.length, head, tails, slot, value);
}
