import type { BlameAnswer, BlamePart, BlameVictim } from './blame-answer.ts';
import { duration, offenderOf, percent, sentence } from './blame-words.ts';
import { printable, wrap } from './paint.ts';
import { type Column, type Look, table } from './table.ts';

type Row = readonly [
  victim: string,
  waited: string,
  cause: string,
  behind: string,
  time: string,
  share: string,
  excess: string,
];

const NAME = { widthMin: 12 };
const COLUMNS: readonly Column<Row>[] = [
  { heading: 'VICTIM', cell: ([victim]) => victim, ...NAME },
  { heading: 'WAITED', cell: ([, waited]) => waited, isNumber: true },
  { heading: 'CAUSE', cell: ([, , cause]) => cause },
  { heading: 'BEHIND', cell: ([, , , behind]) => behind, ...NAME },
  { heading: 'TIME', cell: ([, , , , time]) => time, isNumber: true },
  { heading: 'SHARE', cell: ([, , , , , share]) => share },
  { heading: 'EXCESS', cell: ([, , , , , , excess]) => excess, isNumber: true },
];
const VICTIMS_MAX = 10;
const PARTS_MAX = 6;
const SHARE_MIN = 0.005;
const BAR_CELLS = 8;

/**
 * A table, a sentence for each victim, and what there is to know about how far to trust them. With `showsAll` also who waited
 * too little to matter: it was asked for by name.
 */
export function blameText(answer: BlameAnswer, look: Look, showsAll: boolean): string {
  const worth = answer.victims.filter(({ verdict }) => showsAll || verdict !== 'none');
  const shown = worth.slice(0, VICTIMS_MAX);
  const rest = answer.victims.filter((victim) => !shown.includes(victim));
  const rows = shown.flatMap(rowsOf);

  const paragraphs = [
    shown.length === 0 ? '' : table(rows, COLUMNS, look, (text, row) => emphasize(text, row, look.paint)),
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
