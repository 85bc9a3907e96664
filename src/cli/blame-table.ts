import type { BlameAnswer, BlamePart, BlameVictim } from './blame-answer.ts';
import { duration, offenderOf, percent, sentence } from './blame-words.ts';
import { type painter, printable, wrap } from './paint.ts';

export interface Look {
  readonly paint: ReturnType<typeof painter>;
  /** For sentences. */
  readonly width: number;
  /** For the table: a file and a pipe take names whole. */
  readonly tableWidth: number;
  /** Also who waited too little to matter: it was asked for by name. */
  readonly showsAll: boolean;
}

type Row = readonly [
  victim: string,
  waited: string,
  cause: string,
  behind: string,
  time: string,
  share: string,
  excess: string,
];

const HEADINGS: Row = ['VICTIM', 'WAITED', 'CAUSE', 'BEHIND', 'TIME', 'SHARE', 'EXCESS'];
const NUMBERS = [1, 4, 6];
const FLEXIBLE = [0, 3];
const NAME_WIDTH_MIN = 12;
const GAP = '  ';
const VICTIMS_MAX = 10;
const PARTS_MAX = 6;
const SHARE_MIN = 0.005;
const BAR_CELLS = 8;

/** A table, a sentence for each victim, and what there is to know about how far to trust them. */
export function blameText(answer: BlameAnswer, look: Look): string {
  const worth = answer.victims.filter(({ verdict }) => look.showsAll || verdict !== 'none');
  const shown = worth.slice(0, VICTIMS_MAX);
  const rest = answer.victims.filter((victim) => !shown.includes(victim));
  const rows = shown.flatMap(rowsOf);

  const paragraphs = [
    shown.length === 0 ? '' : table(rows, look),
    ...shown.map((victim) => wrap(sentence(victim, answer.window), 0, look.width)),
    restOf(rest, answer, shown.length > 0),
    ...notesOf(answer).map((note) => wrap(note, 2, look.width)),
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}

function rowsOf({ victim, seconds, parts, remainder }: BlameVictim): Row[] {
  const told = parts.filter(({ share }) => share >= SHARE_MIN).slice(0, PARTS_MAX);
  const rows = told.map((part) => rowOf(part, victim.name));
  const untold = parts.filter((part) => !told.includes(part));
  if (untold.length > 0) rows.push(sumRow('', `${untold.length} more`, untold.reduce(add, NOTHING)));
  rows.push(sumRow('', 'not seen', remainder));

  return rows.map(
    (row, index) => (index === 0 ? [printable(victim.name), duration(seconds), ...row] : ['', '', ...row]) as Row,
  );
}

type Cells = [cause: string, behind: string, time: string, share: string, excess: string];
type Sum = { readonly seconds: number; readonly share: number };

const NOTHING: Sum = { seconds: 0, share: 0 };
const add = (sum: Sum, { seconds, share }: Sum): Sum => ({ seconds: sum.seconds + seconds, share: sum.share + share });

function rowOf(part: BlamePart, victim: string): Cells {
  const { cause, basis, excessShare } = part;
  const [, behind, time, share] = sumRow('', offenderOf(part, victim), part);
  const excess = cause !== 'neighbour' ? '' : excessShare === null ? '?' : percent(excessShare);
  return [basis === 'inferred' ? `${cause}~` : cause, behind, time, share, excess];
}

function sumRow(cause: string, behind: string, { seconds, share }: Sum): Cells {
  return [cause, behind, duration(seconds), `${percent(share).padStart(5)} ${bar(share)}`, ''];
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function bar(share: number): string {
  const eighths = Math.round(share * BAR_CELLS * 8);
  return ('█'.repeat(eighths >> 3) + EIGHTHS[eighths & 7]).padEnd(BAR_CELLS);
}

function table(rows: readonly Row[], { paint, tableWidth }: Look): string {
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  shrink(widths, tableWidth);
  const line = (row: Row): string =>
    row
      .map((cell, column) => fit(cell, widths[column]!, NUMBERS.includes(column)))
      .join(GAP)
      .trimEnd();

  return [paint('bold', line(HEADINGS)), ...rows.map((row) => emphasize(line(row), row, paint))].join('\n');
}

/** Names give way, the longer first; numbers never do. */
function shrink(widths: number[], width: number): void {
  const total = () => widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length);
  while (total() > width) {
    const [longest] = FLEXIBLE.toSorted((one, other) => widths[other]! - widths[one]!);
    if (longest === undefined || widths[longest]! <= NAME_WIDTH_MIN) return;
    widths[longest]! -= 1;
  }
}

function fit(text: string, width: number, isNumber: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return isNumber ? cut.padStart(width) : cut.padEnd(width);
}

/** What a person can act upon stands out. */
function emphasize(text: string, [, , cause]: Row, paint: Look['paint']): string {
  if (cause.startsWith('neighbour')) return paint('fail', text);
  return cause.startsWith('throttle') ? paint('warn', text) : text;
}

function restOf(rest: readonly BlameVictim[], { window, coverage }: BlameAnswer, isMore: boolean): string {
  const seconds = duration(rest.reduce((sum, victim) => sum + victim.seconds, 0));
  const time = duration(Math.round(window.covered));
  if (isMore) return rest.length === 0 ? '' : `${rest.length} more waited ${seconds} together; --json shows all.`;
  if (coverage === null && rest.length === 0) return 'Nothing was measured.';
  return rest.length === 0
    ? `Nobody waited in ${time}.`
    : `Nobody waited long: ${rest.length} workloads, ${seconds} together in ${time}; --json shows all.`;
}

const COVERAGE_GOOD = 0.995;

function notesOf({ coverage, degraded }: BlameAnswer): string[] {
  const seen =
    coverage !== null && coverage < COVERAGE_GOOD
      ? [`! ${(coverage * 100).toFixed(1)} % of context switches were seen.`]
      : [];
  return [...seen, ...degraded.map((reason) => `! ${printable(reason)}`)];
}
