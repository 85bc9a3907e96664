import { labelPairs } from '../label.ts';
import { prometheusName } from '../name.ts';
import { columnIndex, type Rows } from '../rows.ts';
import type { NumberFamily } from '../table.ts';
import { head } from './header.ts';
import type { Page } from './page.ts';
import { SAMPLE_ROOM, writeColumn } from './sample.ts';
import type { Tails } from './tails.ts';

/** Renders a family of numbers, cell by cell. */
export function cellsRenderer(family: NumberFamily, rows: Rows, tails: Tails): (page: Page) => void {
  const name = prometheusName(family.name, family.unit, family.kind);
  const cells = family.cells.map(({ column, labels }) => ({
    column: columnIndex(rows, column),
    head: head(name, labelPairs(Object.keys(labels), Object.values(labels)), rows),
  }));

  return (page) => {
    for (const { head, column } of cells) {
      page.reserve(rows.size * (head.length + SAMPLE_ROOM) + tails.lengthTotal);
      page.length = writeColumn(page.view, page.length, head, tails, rows, rows.columns[column]!);
    }
  };
}
