import { labelPairs } from '../label.ts';
import { prometheusName } from '../name.ts';
import { columnIndex, type Rows } from '../rows.ts';
import type { NumberFamily } from '../table.ts';
import { appendExemplar, type ExemplarOf } from './exemplar.ts';
import { type Format, head } from './header.ts';
import type { Page } from './page.ts';
import { SAMPLE_ROOM, writeSample } from './sample.ts';
import type { Tails } from './tails.ts';

/** Renders a family of few counters, each with the last that it counted; by `plain` where the format can't say that. */
export function counterRenderer(
  family: NumberFamily,
  rows: Rows,
  tails: Tails,
  plain: (page: Page) => void,
  exemplarOf: ExemplarOf,
): (page: Page, format: Format) => void {
  const name = prometheusName(family.name, family.unit, family.kind);
  const cells = family.cells.map(({ column, labels }) => ({
    column: columnIndex(rows, column),
    head: head(name, labelPairs(Object.keys(labels), Object.values(labels)), rows),
  }));

  function line(page: Page, { column, head }: (typeof cells)[number], slot: number): void {
    const value = rows.columns[column]![slot]!;
    if (Number.isNaN(value)) return;
    page.reserve(head.length + tails.lengths[slot]! + SAMPLE_ROOM);
    page.length = writeSample(page.view, page.length, head, tails, slot, value);
    appendExemplar(page, exemplarOf(family.sheet, slot, 0));
  }

  return (page, format) => {
    if (format !== 'openmetrics') return plain(page);
    for (const cell of cells) {
      for (let index = 0; index < rows.size; index++) line(page, cell, rows.live[index]!);
    }
  };
}
