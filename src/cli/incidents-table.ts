import { dayClockOf } from './clock.ts';
import type { IncidentsAnswer, IncidentTold } from './incident-answer.ts';
import { emphasize, lasted, limit, shortId, where, who, worst } from './incident-cells.ts';
import { printable, wrap } from './paint.ts';
import { type Column, type Look, table } from './table.ts';

/** What is wrong and was, and a line that says how to learn more. */
export function incidentsText({ incidents, degraded = [] }: IncidentsAnswer, now: Date, look: Look): string {
  const [first] = incidents;
  const notes = degraded.map((reason) => `\n${wrap(`! ${printable(reason)}`, 2, look.width)}\n`).join('');
  if (first === undefined) return `No incidents.\n${notes}`;
  const hint = `culprit incidents ${shortId(first.id)} tells one in full, and what to do.`;
  return `${summary(incidents)}\n\n${incidentsTable(incidents, now, look)}\n\n${wrap(hint, 0, look.width)}\n${notes}`;
}

/** `clock` says when it began; a replay must say the same in every time zone. */
export function incidentsTable(
  incidents: readonly IncidentTold[],
  now: Date,
  look: Look,
  clock: (time: Date) => string = (time) => dayClockOf(time, now),
): string {
  return table(incidents, columnsAt(now, clock), look, (text, incident) => emphasize(text, incident, look.paint));
}

function summary(incidents: readonly IncidentTold[]): string {
  const open = incidents.filter(({ state }) => state === 'open').length;
  const over = incidents.length - open;
  const isOpen = open === 0 ? 'Nothing is open' : `${open} open`;
  return over === 0 ? `${isOpen}:` : `${isOpen}, ${over} over:`;
}

/** An open one lasts until now. */
function columnsAt(now: Date, clock: (time: Date) => string): readonly Column<IncidentTold>[] {
  return [
    { heading: 'ID', cell: ({ id }) => shortId(id) },
    { heading: 'SINCE', cell: ({ onsetAt }) => clock(new Date(onsetAt)), spare: 1 },
    { heading: 'LASTED', cell: (incident) => lasted(incident, now), isNumber: true },
    { heading: 'STATE', cell: ({ state }) => state, spare: 2 },
    { heading: 'SEVERITY', cell: ({ severity }) => severity },
    { heading: 'DETECTOR', cell: ({ detector }) => printable(detector), widthMin: 10 },
    { heading: 'WHO', cell: who, widthMin: 10 },
    { heading: 'WHERE', cell: where, widthMin: 8 },
    { heading: 'WORST', cell: worst, isNumber: true },
    { heading: 'LIMIT', cell: limit, isNumber: true, spare: 3 },
  ];
}
