import { painter, widthOf } from './paint.ts';
import type { Shell } from './shell.ts';

/** How to write for whoever reads. */
export interface Look {
  readonly paint: ReturnType<typeof painter>;
  /** For sentences. */
  readonly width: number;
  /** For tables: a file and a pipe take names whole. */
  readonly tableWidth: number;
}

export function lookOf({ stdout, env }: Pick<Shell, 'stdout' | 'env'>): Look {
  const width = widthOf(stdout);
  return { paint: painter(stdout, env), width, tableWidth: stdout.isTTY === true ? width : Number.POSITIVE_INFINITY };
}

export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => string;
  /** Stands to the right. */
  readonly isNumber?: boolean;
  /** It may be cut to this; numbers never are. */
  readonly widthMin?: number;
  /** Left out where there is no room, the greatest first. */
  readonly spare?: number;
}

const GAP = '  ';

/** Headings and rows, in the width that there is. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { paint, tableWidth }: Look,
  emphasize: (text: string, row: Row) => string = (text) => text,
): string {
  const measured = columns.map((column) => measure(column, rows));
  const kept = keep(measured, tableWidth);
  shrink(kept, tableWidth);
  const line = (cellOf: (column: Column<Row>) => string): string =>
    kept
      .map(({ column, width }) => fit(cellOf(column), width, column.isNumber === true))
      .join(GAP)
      .trimEnd();

  const heading = paint(
    'bold',
    line((column) => column.heading),
  );
  return [
    heading,
    ...rows.map((row) =>
      emphasize(
        line(({ cell }) => cell(row)),
        row,
      ),
    ),
  ].join('\n');
}

interface Measured<Row> {
  readonly column: Column<Row>;
  readonly widthMin: number;
  width: number;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[]): Measured<Row> {
  const { heading, cell, widthMin } = column;
  const width = rows.reduce((widest, row) => Math.max(widest, cell(row).length), heading.length);
  return { column, width, widthMin: Math.min(width, widthMin ?? width) };
}

/** Those that there is room for when all that may are cut. */
function keep<Row>(measured: readonly Measured<Row>[], tableWidth: number): Measured<Row>[] {
  const kept = [...measured];
  const spare = measured.filter(({ column }) => column.spare !== undefined);
  spare.sort((one, other) => other.column.spare! - one.column.spare!);

  for (const each of spare) {
    if (total(kept.map(({ widthMin }) => widthMin)) <= tableWidth) break;
    kept.splice(kept.indexOf(each), 1);
  }
  return kept;
}

/** Names give way, the longest first. */
function shrink<Row>(kept: readonly Measured<Row>[], tableWidth: number): void {
  while (total(kept.map(({ width }) => width)) > tableWidth) {
    const [longest] = kept
      .filter(({ width, widthMin }) => width > widthMin)
      .sort((one, other) => other.width - one.width);
    if (longest === undefined) return;
    longest.width -= 1;
  }
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
}

function fit(text: string, width: number, isNumber: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return isNumber ? cut.padStart(width) : cut.padEnd(width);
}
