import { cellsRenderer } from './render/cells.ts';
import { counterRenderer } from './render/counter.ts';
import type { ExemplarOf } from './render/exemplar.ts';
import { renderSelf, renderTarget } from './render/few.ts';
import { type Format, header } from './render/header.ts';
import { histogramRenderer } from './render/histogram.ts';
import type { Page } from './render/page.ts';
import { Tails } from './render/tails.ts';
import { SHEET_NAMES, type SheetName, type Sheets } from './rows.ts';
import type { SelfReading } from './self.ts';
import { SHEET_FAMILIES, type SheetFamily } from './table.ts';

export interface Source {
  readonly sheets: Sheets;
  readonly self: SelfReading;
  /** Attributes of the resource, shown as `target_info`. */
  readonly resource: Readonly<Record<string, string>>;
  readonly exemplarOf: ExemplarOf;
}

/** Renders everything that is known now into an empty page. One that is still sent to somebody is not empty: give it another. */
export type Renderer = (page: Page, format: Format) => void;

interface Block {
  readonly headers: Readonly<Record<Format, Uint8Array>>;
  readonly samples: (page: Page, format: Format) => void;
}

/**
 * The whole of what a scrape shows, from one reading of the sheets.
 *
 * Throws at once when a sheet lacks a column that the table names. A family without a sample has no header either.
 */
export function createRenderer({ sheets, self, resource, exemplarOf }: Source): Renderer {
  const tails = Object.fromEntries(SHEET_NAMES.map((name) => [name, new Tails(sheets[name])])) as Record<
    SheetName,
    Tails
  >;
  const blocks = SHEET_FAMILIES.map(
    (family): Block => ({
      headers: { text: Buffer.from(header(family, 'text')), openmetrics: Buffer.from(header(family, 'openmetrics')) },
      samples: samplesRenderer(family, sheets, tails, exemplarOf),
    }),
  );

  return function render(page, format) {
    for (const name of SHEET_NAMES) tails[name].refresh();
    renderTarget(page, format, resource);
    for (const block of blocks) renderBlock(page, format, block);
    renderSelf(page, format, self);
    if (format === 'openmetrics') page.text('# EOF\n');
  };
}

function samplesRenderer(
  family: SheetFamily,
  sheets: Sheets,
  tails: Readonly<Record<SheetName, Tails>>,
  exemplarOf: ExemplarOf,
): Block['samples'] {
  const rows = sheets[family.sheet];
  if (family.kind === 'histogram') return histogramRenderer(family, rows, tails[family.sheet], exemplarOf);
  const plain = cellsRenderer(family, rows, tails[family.sheet]);
  return family.namesLast ? counterRenderer(family, rows, tails[family.sheet], plain, exemplarOf) : plain;
}

function renderBlock(page: Page, format: Format, { headers, samples }: Block): void {
  const before = page.length;
  page.append(headers[format]);
  const start = page.length;
  samples(page, format);
  if (page.length === start) page.length = before;
}
