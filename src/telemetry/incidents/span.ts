import { type HrTime, type Link, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { hrTimeDuration } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type Evidence, type Incident, spanIdOf, traceIdOf } from '../../core/model/incident.ts';
import { toHrTime } from '../otlp/attributes.ts';
import { attributes, incidentAttributes } from './attributes.ts';
import { endOf, sentenceOf } from './sentence.ts';
import type { Teller } from './teller.ts';
import type { Told } from './told.ts';

/** The span that an incident is, and that its log records belong to. */
export function contextOf(id: string): SpanContext {
  return { traceId: traceIdOf(id), spanId: spanIdOf(id), traceFlags: TraceFlags.SAMPLED };
}

/**
 * An incident that is over, from its onset to its end, or to when it was last seen, as a root span.
 *
 * It is made of the incident alone, ids included, and not by a tracer: one that began before a restart is the same span after it.
 */
export function spanOf({ incident, wallOffsetMs }: Told, teller: Teller): ReadableSpan {
  const { resource, instrumentationScope } = teller;
  const time = (at: number): HrTime => toHrTime(at + wallOffsetMs);
  const { onsetAt, evidence } = incident;
  const startTime = time(onsetAt);
  const endTime = time(endOf(incident));

  return {
    name: `incident ${incident.detector}`,
    kind: SpanKind.INTERNAL,
    spanContext: () => contextOf(incident.id),
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    ended: true,
    status: statusOf(incident),
    attributes: incidentAttributes(incident),
    links: incident.overlaps.map(linkTo),
    events: [
      { name: 'culprit.incident.detected', time: time(incident.detectedAt), attributes: {} },
      { name: 'culprit.incident.peak', time: time(incident.peakAt), attributes: peakOf(incident) },
      ...evidence.map((each) => ({ name: 'culprit.evidence', time: time(each.to), attributes: factOf(each) })),
    ],
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** What is only worth knowing is no error. */
function statusOf(incident: Incident): ReadableSpan['status'] {
  if (incident.severity === 'info') return { code: SpanStatusCode.UNSET };
  return { code: SpanStatusCode.ERROR, message: sentenceOf(incident) };
}

function linkTo(id: string): Link {
  return { context: contextOf(id), attributes: { 'culprit.incident.id': id } };
}

function peakOf({ peakValue, unit }: Incident) {
  return attributes({ 'culprit.incident.peak': peakValue, 'culprit.incident.unit': unit });
}

function factOf({ id, what, value, unit, source, from, to }: Evidence) {
  return attributes({
    'culprit.evidence.id': id,
    'culprit.evidence.what': what,
    'culprit.evidence.value': value,
    'culprit.evidence.unit': unit,
    'culprit.evidence.source': source,
    'culprit.evidence.interval': (to - from) / 1_000,
  });
}
