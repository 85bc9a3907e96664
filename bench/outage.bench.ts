/**
 * A collector is away for five minutes, for real: a gRPC server that is killed, and started again on the same port. Meanwhile
 * there is an incident a second; does each arrive, once, as a span and two events?
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { IncidentPush } from '../src/telemetry/incident-push.ts';
import { grpcCollector } from '../test/support/collector.ts';
import { logRecordsOf, spansOf } from '../test/support/otlp.ts';
import { freePort } from '../test/support/port.ts';
import { until } from '../test/support/until.ts';
import { INCIDENT, idOf } from '../test/telemetry/incident.ts';
import { Figures, isSmoke, progress } from './harness/figures.ts';

const OUTAGE_S = isSmoke ? 20 : 300;
const BEFORE = 10;
/** The longest pause between two tries, and some for the try. */
const BACK_WITHIN_S = 32;

const figures = new Figures(`outage: a collector that is away for ${OUTAGE_S} s`);
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const push = new IncidentPush({
  version: 'bench',
  now: () => performance.now(),
  wallOffsetMs: () => Date.now() - performance.now(),
  chance: Math.random,
  log: progress,
});
const way = {
  endpoint: url,
  ownEndpoint: '',
  protocol: 'grpc',
  headers: {},
  timeoutSeconds: 10,
  compression: 'none',
  insecure: false,
  caFile: '',
  certFile: '',
  keyFile: '',
} as const;

const before = await grpcCollector({ port });
(await push.prepare({ traces: way, logs: way }, { 'service.name': 'culprit' }))();
for (let index = 0; index < BEFORE; index++) happen(index);
await until(() => spansOf(before.traces).length === BEFORE && logRecordsOf(before.logs).length === 2 * BEFORE);

progress(`the collector is away for ${OUTAGE_S} s`);
before.close();
const incidents = BEFORE + OUTAGE_S;
for (let index = BEFORE; index < incidents; index++) {
  happen(index);
  await sleep(1_000);
}
const waiting = sumOf('culprit.outbox.depth');
const tries = sumOf('culprit.outbox.retries');
const usedFrom = process.cpuUsage();
const backAt = performance.now();
const back = await grpcCollector({ port });
await until(() => sumOf('culprit.outbox.depth') === 0, { withinMs: 120_000, what: 'the arrival of all that waited' });
const backS = (performance.now() - backAt) / 1_000;
const { user, system } = process.cpuUsage(usedFrom);

const spans = [...before.traces, ...back.traces].flatMap((request) => spansOf([request])).map(idOfItem);
const events = [...before.logs, ...back.logs]
  .flatMap((request) => logRecordsOf([request]))
  .map((record) => `${idOfItem(record)} ${record.eventName}`);
figures.add('incidents', incidents, '');
figures.add('spans that arrived', spans.length, '', { exactly: incidents });
figures.add('each once', new Set(spans).size, '', { exactly: incidents });
figures.add('events that arrived', events.length, '', { exactly: 2 * incidents });
figures.add('each once', new Set(events).size, '', { exactly: 2 * incidents });
figures.add('dropped', sumOf('culprit.outbox.dropped'), '', { exactly: 0 });
figures.add('waiting when the collector came back', waiting, '', { atLeast: 3 * OUTAGE_S });
figures.add('tries meanwhile, of two signals', tries, '', { atMost: 2 * (6 + OUTAGE_S / 15) });
figures.add('from its return to the last arrival', backS, 's', { atMost: BACK_WITHIN_S });
figures.add('CPU to send them, collector included', (user + system) / 1_000, 'ms');
await push.close();
back.close();
figures.finish();
process.exit();

/** An incident is opened, and is over. */
function happen(index: number): void {
  const at = performance.now();
  const incident = { ...INCIDENT, id: idOf(index), onsetAt: at - 3_000, detectedAt: at };
  push.take({ kind: 'opened', at, incident });
  push.take({ kind: 'resolved', at, incident: { ...incident, state: 'resolved', resolvedAt: at } });
}

function sumOf(family: string): number {
  return [...push.readings()].filter((each) => each.family === family).reduce((sum, { value }) => sum + value, 0);
}

function idOfItem({ spanId }: { readonly spanId: Buffer }): string {
  return spanId.toString('hex');
}
