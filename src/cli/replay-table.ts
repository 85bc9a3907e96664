import { duration } from './blame-words.ts';
import { utcClockOf } from './clock.ts';
import { incidentsTable } from './incidents-table.ts';
import { printable, wrap } from './paint.ts';
import type { Column, Replayed, Section } from './replayed.ts';
import type { Look } from './table.ts';

const ROWS_MAX = 20;
const GAP = '  ';
const NAME_WIDTH_MIN = 12;

/** A line of where it comes from, what was wrong, and a table for each subject. */
export function replayText({ recording, incidents, sections }: Replayed, look: Look): string {
  const paragraphs = [
    introduction(recording, look),
    incidentsSection(incidents, new Date(recording.ended), look),
    ...sections.map((section) => sectionText(section, look)),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function introduction(recording: Replayed['recording'], { width }: Look): string {
  const { host, kernelRelease, began, seconds, events, lost, ending } = recording;
  const where = `${printable(host)}, Linux ${printable(kernelRelease)}${began === '' ? '' : `, from ${began}`}`;
  const notes = [
    ...(lost > 0 ? [`! ${lost} events are missing: the disk was too slow for the recording.`] : []),
    ...(ending === 'size' ? ['! The recording ended when it reached its size.'] : []),
    ...recording.notes.map((note) => wrap(`! ${printable(note)}`, 2, width)),
  ];
  return [`${where}: ${duration(seconds)}, ${events} events.`, ...notes].join('\n');
}

function incidentsSection(incidents: Replayed['incidents'], ended: Date, look: Look): string {
  const shown = incidents.length === 0 ? 'nothing' : incidentsTable(incidents, ended, look, utcClockOf);
  return `${look.paint('bold', 'Incidents')}\n${shown}`;
}

function sectionText({ title, columns, rows }: Section, { paint, tableWidth }: Look): string {
  if (rows.length === 0) return `${paint('bold', title)}\nnothing`;
  const shown = rows.slice(0, ROWS_MAX);
  const cells = shown.map((row) => columns.map((column) => cellOf(row[column.name], column)));
  const isNumber = columns.map(({ name }) => shown.every((row) => typeof row[name] !== 'string'));
  const widths = columns.map(({ heading }, at) => Math.max(heading.length, ...cells.map((row) => row[at]!.length)));
  shrink(widths, isNumber, tableWidth);

  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => fit(cell, widths[at]!, isNumber[at]!))
      .join(GAP)
      .trimEnd();
  const more = rows.length > shown.length ? [`${rows.length - shown.length} more; --json shows all`] : [];
  const headings = columns.map(({ heading }) => heading);
  return [paint('bold', title), paint('bold', line(headings)), ...cells.map(line), ...more].join('\n');
}

/** "-" where it is not known. */
function cellOf(value: string | number | null | undefined, { unit }: Column): string {
  if (typeof value === 'string') return printable(value);
  if (value === null || value === undefined) return '-';
  return unit === 'seconds' ? duration(value) : `${value}`;
}

/** Names give way, the longest first; numbers never do. */
function shrink(widths: number[], isNumber: readonly boolean[], tableWidth: number): void {
  const total = () => widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  const names = [...widths.keys()].filter((at) => !isNumber[at]);
  while (total() > tableWidth) {
    const [longest] = names.toSorted((one, other) => widths[other]! - widths[one]!);
    if (longest === undefined || widths[longest]! <= NAME_WIDTH_MIN) return;
    widths[longest]! -= 1;
  }
}

function fit(text: string, width: number, isNumber: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return isNumber ? cut.padStart(width) : cut.padEnd(width);
}
