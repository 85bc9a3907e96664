import { after } from 'node:test';
import type { Incident } from '../../src/core/model/incident.ts';
import { IncidentPush, type IncidentTargets } from '../../src/telemetry/incident-push.ts';
import type { Debts } from '../../src/telemetry/incidents/debts.ts';
import type { OtlpOptions } from '../../src/telemetry/otlp/connection.ts';
import type { Collector } from '../support/collector.ts';
import { logRecordsOf, spansOf } from '../support/otlp.ts';
import { INCIDENT, idOf } from './incident.ts';
import { OPTIONS } from './otlp-source.ts';

export const RESOURCE = { 'service.name': 'culprit', 'host.name': 'db-1' };

const pushes: IncidentPush[] = [];
after(() => Promise.all(pushes.map((push) => push.close())));

/** Closed after the tests. */
export function unconnected(lines: string[] = [], debts?: Debts): IncidentPush {
  const push = new IncidentPush({
    ...(debts && { debts }),
    version: '0.1.0',
    now: () => performance.now(),
    wallOffsetMs: () => 1_700_000_000_000,
    chance: () => 0,
    log: (line) => lines.push(line),
  });
  pushes.push(push);
  return push;
}

/** Both signals to one place. */
export async function pushing(more: Partial<OtlpOptions>) {
  const lines: string[] = [];
  const push = unconnected(lines);
  await use(push, more);
  return { push, lines, counts: () => countsOf(push) };
}

export async function use(push: IncidentPush, more: Partial<OtlpOptions>): Promise<void> {
  const options = { ...OPTIONS, timeoutSeconds: 1, ...more };
  const targets: IncidentTargets = { traces: options, logs: options };
  (await push.prepare(targets, RESOURCE))();
}

/** `traces sent`, `logs dropped refused`: those that are not 0. */
export function countsOf(push: IncidentPush): Record<string, number> {
  return Object.fromEntries(
    [...push.readings()]
      .filter(({ value }) => value > 0)
      .map(({ family, labels, value }) => [
        [labels.signal, family.split('.').at(-1), labels.reason].filter(Boolean).join(' '),
        value,
      ]),
  );
}

export function opened(push: IncidentPush, incident: Incident = INCIDENT): void {
  push.take({ kind: 'opened', at: incident.detectedAt, incident });
}

export function resolved(push: IncidentPush, incident: Incident = INCIDENT): void {
  const over = { ...incident, state: 'resolved' as const, resolvedAt: 70_000 };
  push.take({ kind: 'resolved', at: 70_000, incident: over });
}

/** `count` incidents, each opened and over. */
export function pass(push: IncidentPush, count: number, from = 0): void {
  for (let index = from; index < from + count; index++) {
    const incident = { ...INCIDENT, id: idOf(index) };
    opened(push, incident);
    resolved(push, incident);
  }
}

export function idsOf({ traces, logs }: Pick<Collector, 'traces' | 'logs'>): [spans: string[], events: string[]] {
  const spans = spansOf(traces).map(({ spanId }) => spanId.toString('hex'));
  const events = logRecordsOf(logs).map(({ spanId, eventName }) => `${spanId.toString('hex')} ${eventName}`);
  return [spans, events];
}

export const idsOfFirst = (count: number): [spans: string[], events: string[]] => {
  const ids = Array.from({ length: count }, (_, index) => idOf(index).replaceAll('-', '').slice(-16));
  return [ids, ids.flatMap((id) => [`${id} culprit.incident.opened`, `${id} culprit.incident.resolved`])];
};
