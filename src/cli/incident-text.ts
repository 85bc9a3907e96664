import { amount } from './amount.ts';
import { duration } from './blame-words.ts';
import { dayClockOf } from './clock.ts';
import type { EvidenceTold, IncidentDetail, IncidentTold, ProcessNamed } from './incident-answer.ts';
import { emphasize, lasted, limit, named, shortId, where, who, worst } from './incident-cells.ts';
import { printable, wrap } from './paint.ts';
import { type Column, type Look, table } from './table.ts';

const TRACE_ID = /^[0-9a-f]{32}$/;

/** One incident in full: what is wrong, who does it, where that comes from, what shows it, and what to do. */
export function incidentText(incident: IncidentDetail, now: Date, look: Look): string {
  const { paint, width } = look;
  const title = `${printable(incident.title)}, ${incident.severity}, ${stateOf(incident, now)}.`;
  const paragraphs = [
    paint('bold', emphasize(title, incident, paint)),
    wrap(sentenceOf(incident), 0, width),
    ...lineage(incident.culprit),
    ...(incident.evidence.length === 0
      ? []
      : [`${paint('bold', 'Evidence')}\n${table(incident.evidence, EVIDENCE, look)}`]),
    wrap(courseOf(incident, now), 0, width),
    ...restOf(incident).map((text) => wrap(text, 0, width)),
    ...runbookOf(incident.runbook, look),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** "perl[8121] of batch.service: 600 forks/s at its worst, 12 times the limit of 50 forks/s." */
export function sentenceOf(incident: IncidentTold): string {
  const place = where(incident);
  const whose = place === '' || incident.culprit.process === null ? '' : ` of ${place}`;
  const suffers = incident.victim === null ? '' : `; ${printable(incident.victim.name)} suffers`;
  return `${who(incident)}${whose}: ${worst(incident)} at its worst, ${againstLimit(incident)}${suffers}.`;
}

/** Of what must not fall too low, times say nothing. */
function againstLimit(incident: IncidentTold): string {
  const times = incident.peak.value / incident.threshold;
  if (times < 1.05 || !Number.isFinite(times)) return `the limit is ${limit(incident)}`;
  return `${amount(times, '1')} times the limit of ${limit(incident)}`;
}

function stateOf(incident: IncidentDetail, now: Date): string {
  if (incident.state === 'lost') return 'lost: Culprit ended before it did';
  return incident.state === 'open' ? `open for ${lasted(incident, now)}` : `over after ${lasted(incident, now)}`;
}

/** From the first ancestor that is known down to who did it. */
function lineage({ process, lineage: above }: IncidentDetail['culprit']): string[] {
  if (process === null) return [];
  const line = (each: ProcessNamed, depth: number) =>
    `${depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `}${named(each)}`;
  return [[...above.toReversed(), process].map(line).join('\n')];
}

const EVIDENCE: readonly Column<EvidenceTold>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'WHAT', cell: ({ what }) => printable(what), widthMin: 20 },
  { heading: 'VALUE', cell: ({ value, unit }) => amount(value, unit), isNumber: true },
  { heading: 'OVER', cell: spanOf, isNumber: true },
  { heading: 'SOURCE', cell: ({ source }) => printable(source), widthMin: 12 },
];

/** Nothing of what is true at a moment. */
function spanOf({ from, to }: EvidenceTold): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1_000;
  return seconds > 0 ? duration(seconds) : '';
}

function courseOf({ onsetAt, detectedAt, peak, resolvedAt }: IncidentDetail, now: Date): string {
  const clock = (time: string) => dayClockOf(new Date(time), now);
  const over = resolvedAt === null ? '' : `, over ${clock(resolvedAt)}`;
  return `Began ${clock(onsetAt)}, found ${clock(detectedAt)}, worst ${clock(peak.at)}${over}.`;
}

function restOf({ forecast, overlaps, id, traceId }: IncidentDetail): string[] {
  const links = traceId !== undefined && TRACE_ID.test(traceId) ? `; trace ${traceId}` : '';
  return [
    ...(forecast === null ? [] : [`In ${duration(forecast.seconds)} ${printable(forecast.what)}, as it goes now.`]),
    ...(overlaps.length === 0 ? [] : [`Open when it began: ${overlaps.map(shortId).join(', ')}.`]),
    `Incident ${printable(id)}${links}.`,
  ];
}

const HEADINGS = { meaning: 'Meaning', impact: 'Impact', diagnosis: 'Diagnosis', mitigation: 'What to do' } as const;
const INDENT = 12;

/** Nothing where the exporter is one that does not tell it. */
function runbookOf(runbook: IncidentDetail['runbook'] | undefined, { paint, width }: Look): string[] {
  const lines = Object.entries(HEADINGS).flatMap(([name, heading]) => {
    const text = printable(runbook?.[name as keyof typeof HEADINGS] ?? '');
    return text === '' ? [] : [`${paint('bold', heading.padEnd(INDENT))}${wrap(text, INDENT, width)}`];
  });
  return lines.length === 0 ? [] : [lines.join('\n')];
}
