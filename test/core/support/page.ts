import type { Sheet } from '../../../src/core/model/sheet.ts';

/** The sum of columns over the rows that `of` picks by their labels. NaN where any of them is. */
export function sum(sheet: Sheet, columns: readonly string[], of: Readonly<Record<string, string>> = {}): number {
  let total = 0;
  for (const slot of sheet.live.subarray(0, sheet.size)) {
    if (!Object.entries(of).every(([label, value]) => sheet.labels[slot]![sheet.labelNames.indexOf(label)] === value))
      continue;
    for (const column of columns) total += sheet.get(slot, sheet.column(column));
  }
  return total;
}

/** Rows as text by labels, of the columns named: what a reader of the page would see. */
export function page(sheet: Sheet, ...columns: readonly string[]): Record<string, Record<string, number>> {
  const rows: Record<string, Record<string, number>> = {};
  for (const slot of sheet.live.subarray(0, sheet.size)) {
    const cells = columns
      .map((column) => [column, sheet.get(slot, sheet.column(column))] as const)
      .filter(([, value]) => !Number.isNaN(value));
    const name = sheet.labels[slot]!.join(' ').trimEnd();
    if (name in rows) throw new Error(`two rows are labelled ${name}`);
    rows[name] = Object.fromEntries(cells);
  }
  return Object.fromEntries(Object.entries(rows).sort(([one], [other]) => (one < other ? -1 : 1)));
}
