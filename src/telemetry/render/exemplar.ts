import { cleanLabel, quoteLabel } from '../label.ts';
import type { SheetName } from '../rows.ts';
import type { Page } from './page.ts';

/** One thing that was counted, named: a process that ended, an incident that was opened. */
export interface Exemplar {
  /** `process_pid`, `process_executable_name`; the most telling first. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the histogram's unit, within its bucket; of a count it is 1. */
  readonly value: number;
  /** Unix time. */
  readonly atSeconds: number;
}

/** The last that was counted in a row, if one is remembered; a count has the one bucket 0. */
export type ExemplarOf = (sheet: SheetName, slot: number, bucket: number) => Exemplar | undefined;

/** OpenMetrics allows so many characters in the names and values of an exemplar's labels together. */
const LABELS_LENGTH_MAX = 128;

/** Appends it to the sample before, in the place of the line's end. */
export function appendExemplar(page: Page, exemplar: Exemplar | undefined): void {
  if (exemplar === undefined) return;
  page.length -= 1;
  page.text(`${exemplarText(exemplar)}\n`);
}

/** ` # {process_pid="8121"} 0.312 1700000000.5`. Labels that would be too long are left out, the last first. */
function exemplarText({ labels, value, atSeconds }: Exemplar): string {
  const pairs: string[] = [];
  let length = 0;
  for (const [name, raw] of Object.entries(labels)) {
    const clean = cleanLabel(raw);
    length += name.length + clean.length;
    if (length > LABELS_LENGTH_MAX) break;
    pairs.push(`${name}="${quoteLabel(clean)}"`);
  }
  return ` # {${pairs.join(',')}} ${value} ${atSeconds.toFixed(3)}`;
}
