import { amount } from './amount.ts';
import type { IncidentTold, ProcessNamed } from './incident-answer.ts';
import { type painter, printable } from './paint.ts';
import { span } from './process-cells.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHORT = 8;
const UNKNOWN = '?';

/** As short as a person wants to type it: the end of a UUIDv7 is chance, its beginning the time. */
export function shortId(id: string): string {
  return UUID.test(id) ? id.slice(-SHORT) : printable(id);
}

/** Of what is lost nobody knows. */
export function lasted({ state, onsetAt, resolvedAt }: IncidentTold, now: Date): string {
  if (state === 'lost') return UNKNOWN;
  const until = resolvedAt === null ? now.getTime() : Date.parse(resolvedAt);
  return span(Math.max(0, until - Date.parse(onsetAt)) / 1_000);
}

/** The process where one is to blame, else what it is about. */
export function who({ culprit, entity }: IncidentTold): string {
  return culprit.process === null ? printable(entity.name) : named(culprit.process);
}

export function where({ culprit }: IncidentTold): string {
  return printable(culprit.workload?.name ?? '');
}

export function worst({ peak, unit }: IncidentTold): string {
  return amount(peak.value, unit);
}

export function limit({ threshold, unit }: IncidentTold): string {
  return amount(threshold, unit);
}

export function named({ comm, exe, pid }: ProcessNamed): string {
  return `${printable(exe || comm) || 'pid'}[${pid}]`;
}

/** What still goes on stands out, the worse the more. */
export function emphasize(text: string, { severity, state }: IncidentTold, paint: ReturnType<typeof painter>): string {
  if (state !== 'open' || severity === 'info') return text;
  return paint(severity === 'critical' ? 'fail' : 'warn', text);
}
