import { SeverityNumber } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { toHrTime } from '../otlp/attributes.ts';
import { incidentAttributes } from './attributes.ts';
import { sentenceOf } from './sentence.ts';
import { contextOf } from './span.ts';
import type { Teller } from './teller.ts';
import type { Told } from './told.ts';

const SEVERITIES = {
  info: { severityNumber: SeverityNumber.INFO, severityText: 'INFO' },
  warning: { severityNumber: SeverityNumber.WARN, severityText: 'WARN' },
  critical: { severityNumber: SeverityNumber.ERROR, severityText: 'ERROR' },
} as const;

/** That an incident was opened is as severe as the incident is; that it is over is news, and good ones. */
export function logRecordOf({ kind, at, incident, wallOffsetMs }: Told, teller: Teller): ReadableLogRecord {
  const { resource, instrumentationScope } = teller;
  const hrTime = toHrTime(at + wallOffsetMs);

  return {
    hrTime,
    hrTimeObserved: hrTime,
    spanContext: contextOf(incident.id),
    ...SEVERITIES[kind === 'opened' ? incident.severity : 'info'],
    eventName: `culprit.incident.${kind}`,
    body: sentenceOf(incident),
    attributes: incidentAttributes(incident),
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
  };
}
