import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Incident } from '../../src/core/model/incident.ts';
import { IncidentPush, type IncidentTargets } from '../../src/telemetry/incident-push.ts';
import type { OtlpOptions } from '../../src/telemetry/otlp/connection.ts';
import { type Answer, type Collector, grpcCollector, httpCollector } from '../support/collector.ts';
import { attributesOf, logRecordsOf, spansOf, valuesByName } from '../support/otlp.ts';
import { freePort } from '../support/port.ts';
import { AT_ONCE_MS, until } from '../support/until.ts';
import { INCIDENT, idOf } from './incident.ts';
import { listening, OPTIONS } from './otlp-source.ts';

const UNAVAILABLE = 14;
const INVALID_ARGUMENT = 3;
const RESOURCE = { 'service.name': 'culprit', 'host.name': 'db-1' };

const pushes: IncidentPush[] = [];
after(() => Promise.all(pushes.map((push) => push.close())));

/** Both signals to one place. */
async function pushing(more: Partial<OtlpOptions>) {
  const lines: string[] = [];
  const push = new IncidentPush({
    version: '0.1.0',
    now: () => performance.now(),
    wallOffsetMs: () => 1_700_000_000_000,
    chance: () => 0,
    log: (line) => lines.push(line),
  });
  pushes.push(push);
  await use(push, more);
  return { push, lines, counts: () => countsOf(push) };
}

async function use(push: IncidentPush, more: Partial<OtlpOptions>): Promise<void> {
  const options = { ...OPTIONS, timeoutSeconds: 1, ...more };
  const targets: IncidentTargets = { traces: options, logs: options };
  (await push.prepare(targets, RESOURCE))();
}

/** `traces sent`, `logs dropped refused`: those that are not 0. */
function countsOf(push: IncidentPush): Record<string, number> {
  return Object.fromEntries(
    [...push.readings()]
      .filter(({ value }) => value > 0)
      .map(({ family, labels, value }) => [
        [labels.signal, family.split('.').at(-1), labels.reason].filter(Boolean).join(' '),
        value,
      ]),
  );
}

function opened(push: IncidentPush, incident: Incident = INCIDENT): void {
  push.take({ kind: 'opened', at: incident.detectedAt, incident });
}

function resolved(push: IncidentPush, incident: Incident = INCIDENT): void {
  const over = { ...incident, state: 'resolved' as const, resolvedAt: 70_000 };
  push.take({ kind: 'resolved', at: 70_000, incident: over });
}

/** `count` incidents, each opened and over. */
function pass(push: IncidentPush, count: number, from = 0): void {
  for (let index = from; index < from + count; index++) {
    const incident = { ...INCIDENT, id: idOf(index) };
    opened(push, incident);
    resolved(push, incident);
  }
}

function idsOf({ traces, logs }: Pick<Collector, 'traces' | 'logs'>): [spans: string[], events: string[]] {
  const spans = spansOf(traces).map(({ spanId }) => spanId.toString('hex'));
  const events = logRecordsOf(logs).map(({ spanId, eventName }) => `${spanId.toString('hex')} ${eventName}`);
  return [spans, events];
}

const idsOfFirst = (count: number) => {
  const ids = Array.from({ length: count }, (_, index) => idOf(index).replaceAll('-', '').slice(-16));
  return [ids, ids.flatMap((id) => [`${id} culprit.incident.opened`, `${id} culprit.incident.resolved`])];
};

for (const [protocol, start] of [
  ['grpc', () => grpcCollector()],
  ['http/protobuf', () => httpCollector()],
] as const) {
  describe(`incidents by ${protocol}`, () => {
    it('are an event when they begin, and an event and a span when they are over', async () => {
      const collector = await listening(start());
      const { push, counts } = await pushing({
        endpoint: collector.endpoint,
        protocol,
        headers: { 'x-tenant': 'blue' },
      });

      pass(push, 1);
      await until(() => collector.traces.length > 0 && logRecordsOf(collector.logs).length === 2);

      assert.deepEqual(idsOf(collector), idsOfFirst(1));
      assert.deepEqual(attributesOf(collector.traces[0]!.resourceSpans[0]!.resource), RESOURCE);
      assert.deepEqual(attributesOf(collector.logs[0]!.resourceLogs[0]!.resource), RESOURCE);
      assert.equal(collector.headers()['x-tenant'], 'blue');
      await until(() => counts()['logs sent'] === 2 && counts()['traces sent'] === 1);
      assert.deepEqual(counts(), { 'traces sent': 1, 'logs sent': 2 });
    });

    it('arrive compressed', async () => {
      const collector = await listening(start());
      const { push } = await pushing({ endpoint: collector.endpoint, protocol, compression: 'gzip' });

      pass(push, 200);
      await until(() => spansOf(collector.traces).length === 200 && logRecordsOf(collector.logs).length === 400);

      assert.deepEqual(idsOf(collector), idsOfFirst(200));
    });
  });
}

describe('a collector that was away', () => {
  it('has every incident, each once and in order, once it is back on its port', async () => {
    const port = await freePort();
    const first = await grpcCollector({ port });
    const { push, lines, counts } = await pushing({ endpoint: first.endpoint });
    pass(push, 3);
    await until(() => counts()['traces sent'] === 3 && counts()['logs sent'] === 6);

    first.close();
    pass(push, 3, 3);
    await until(() => (counts()['traces retries'] ?? 0) > 0 && (counts()['logs retries'] ?? 0) > 0);
    const second = await listening(grpcCollector({ port }));
    pass(push, 3, 6);
    await until(() => counts()['traces sent'] === 9 && counts()['logs sent'] === 18);

    const both = { traces: [...first.traces, ...second.traces], logs: [...first.logs, ...second.logs] };
    assert.deepEqual(idsOf(both), idsOfFirst(9));
    assert.deepEqual(lines.map((line) => line.replace(/:.*/, '')).toSorted(), [
      'OTLP logs arrive again',
      'OTLP logs fail (later)',
      'OTLP traces arrive again',
      'OTLP traces fail (later)',
    ]);
  });

  it('has what was told before anybody knew where to', async () => {
    const collector = await listening(grpcCollector());
    const push = new IncidentPush({
      version: '0.1.0',
      now: () => performance.now(),
      wallOffsetMs: () => 0,
      chance: () => 0,
      log: () => {},
    });
    pushes.push(push);
    pass(push, 2);

    await use(push, { endpoint: collector.endpoint });
    await until(() => countsOf(push)['logs sent'] === 4 && countsOf(push)['traces sent'] === 2);

    assert.deepEqual(idsOf(collector), idsOfFirst(2));
  });

  it('hands on what waited for it to the one that the configuration names now', async () => {
    const { push, counts } = await pushing({ endpoint: 'http://127.0.0.1:1' });
    pass(push, 2);
    await until(() => counts()['traces depth'] === 2 && counts()['logs depth'] === 4);

    const collector = await listening(httpCollector());
    await use(push, { endpoint: collector.endpoint, protocol: 'http/protobuf' });
    await until(() => counts()['logs sent'] === 4 && counts()['traces sent'] === 2);

    assert.deepEqual(idsOf(collector), idsOfFirst(2));
  });
});

describe('a collector with bad manners', () => {
  it('that is busy is asked again', async () => {
    let left = 1;
    const answer: Answer = (signal) =>
      signal === 'traces' && left-- > 0 ? { code: UNAVAILABLE, details: 'busy' } : {};
    const collector = await listening(grpcCollector({ answer }));
    const { push, counts } = await pushing({ endpoint: collector.endpoint });

    pass(push, 1);
    await until(() => counts()['traces sent'] === 1);

    assert.deepEqual([counts()['traces retries'], spansOf(collector.traces).length], [1, 2]);
  });

  it('that has no ear for traces costs the spans, counted and told, and not the events', async () => {
    const answer: Answer = (signal) => (signal === 'traces' ? { code: INVALID_ARGUMENT, details: 'no traces' } : {});
    const collector = await listening(grpcCollector({ answer }));
    const { push, lines, counts } = await pushing({ endpoint: collector.endpoint });

    pass(push, 3);
    await until(() => counts()['traces dropped refused'] === 3 && counts()['logs sent'] === 6);

    assert.deepEqual(counts(), { 'traces dropped refused': 3, 'logs sent': 6 });
    assert.deepEqual(lines, ['OTLP traces fail (refused): INVALID_ARGUMENT: no traces']);
  });

  it('that takes a part has the rest counted, and is not sent it again', async () => {
    const answer: Answer = (signal) =>
      signal === 'logs' ? { partialSuccess: { rejectedLogRecords: 1, errorMessage: 'too old' } } : {};
    const collector = await listening(grpcCollector({ answer }));
    const { push, lines, counts } = await pushing({ endpoint: collector.endpoint });

    pass(push, 1);
    await until(() => counts()['logs dropped rejected'] === 1 && counts()['traces sent'] === 1);

    assert.deepEqual(counts(), { 'traces sent': 1, 'logs sent': 1, 'logs dropped rejected': 1 });
    assert.deepEqual(lines, ['OTLP logs fail (rejected): too old']);
  });

  for (const [status, outcome] of [
    [503, 'traces retries'],
    [400, 'traces dropped refused'],
  ] as const) {
    it(`that answers HTTP ${status} is counted as what that means`, async () => {
      const collector = await listening(httpCollector(0, { status: () => status }));
      const { push, counts } = await pushing({ endpoint: collector.endpoint, protocol: 'http/protobuf' });

      pass(push, 1);
      await until(() => (counts()[outcome] ?? 0) > 0);

      assert.equal(counts()['traces sent'], undefined);
    });
  }

  for (const [protocol, start] of [
    ['grpc', () => grpcCollector({ answers: false })],
    ['http/protobuf', () => httpCollector(0, { answers: false })],
  ] as const) {
    it(`that takes ${protocol} and never answers is given up after the timeout, and asked again`, async () => {
      const collector = await listening(start());
      const { push, counts } = await pushing({ endpoint: collector.endpoint, protocol, timeoutSeconds: 0.2 });

      opened(push);
      await until(() => (counts()['logs retries'] ?? 0) > 0);

      assert.deepEqual([counts()['logs depth'], counts()['logs sent']], [1, undefined]);
    });

    it(`that takes ${protocol} and never answers does not hold up the end`, async () => {
      const collector = await listening(start());
      const { push } = await pushing({ endpoint: collector.endpoint, protocol, timeoutSeconds: 60 });
      pass(push, 2);
      await until(() => collector.traces.length > 0 && collector.logs.length > 0);
      const began = performance.now();

      const left = await push.close();

      assert.equal(left, 6);
      assert.ok(performance.now() - began < AT_ONCE_MS, `${performance.now() - began} ms`);
    });
  }
});

describe('the end', () => {
  it('sends what waits, also in the middle of a back-off', async () => {
    let isBusy = true;
    const collector = await listening(grpcCollector({ answer: () => (isBusy ? { code: UNAVAILABLE } : {}) }));
    const { push } = await pushing({ endpoint: collector.endpoint });
    pass(push, 2);
    await until(() => (countsOf(push)['traces retries'] ?? 0) > 1 && (countsOf(push)['logs retries'] ?? 0) > 1);
    isBusy = false;

    assert.equal(await push.close(), 0);
    assert.deepEqual([countsOf(push)['traces sent'], countsOf(push)['logs sent']], [2, 4]);
  });

  it('sends no span of what is still open: that is for the next Culprit to tell', async () => {
    const collector = await listening(grpcCollector());
    const { push } = await pushing({ endpoint: collector.endpoint });
    opened(push);

    assert.equal(await push.close(), 0);
    assert.deepEqual([spansOf(collector.traces).length, logRecordsOf(collector.logs).length], [0, 1]);
  });

  it('comes at once when nobody listens, and says how much is left', async () => {
    const { push } = await pushing({ endpoint: 'http://127.0.0.1:1' });
    pass(push, 2);
    const began = performance.now();

    assert.equal(await push.close(), 6);
    assert.ok(performance.now() - began < AT_ONCE_MS);
  });
});

describe('an incident', () => {
  it('is a root span from its onset to its end, with what it was, by names that others know', async () => {
    const collector = await listening(grpcCollector());
    const { push } = await pushing({ endpoint: collector.endpoint });

    resolved(push, { ...INCIDENT, overlaps: [idOf(7)] });
    await until(() => collector.traces.length > 0);

    const [span] = spansOf(collector.traces);
    assert.deepEqual(
      [span!.name, span!.kind, span!.parentSpanId, span!.startTimeUnixNano, span!.endTimeUnixNano],
      ['incident fork-storm', 'SPAN_KIND_INTERNAL', undefined, '1700000004500000000', '1700000070000000000'],
    );
    assert.deepEqual(span!.status, {
      code: 'STATUS_CODE_ERROR',
      message: 'Fork storm resolved after 66 s: bash (pid 8121) of docker:4f0c3a1b2d5e, at worst 250 fork/s against 50',
    });
    assert.equal(span!.links![0]!.traceId.toString('hex'), idOf(7).replaceAll('-', ''));
    assert.deepEqual(
      span!.events!.map(({ name, timeUnixNano }) => [name, timeUnixNano]),
      [
        ['culprit.incident.detected', '1700000005000000000'],
        ['culprit.incident.peak', '1700000006000000000'],
        ['culprit.evidence', '1700000005000000000'],
      ],
    );
    assert.deepEqual(valuesByName(span!.events![2]!), {
      'culprit.evidence.id': 'E1',
      'culprit.evidence.what': 'forks',
      'culprit.evidence.value': 100,
      'culprit.evidence.unit': '{fork}',
      'culprit.evidence.source': 'sched_process_fork',
      'culprit.evidence.interval': 0.5,
    });
    assert.deepEqual(valuesByName(span!), {
      'process.pid': 8121,
      'process.parent_pid': 800,
      'process.executable.name': 'bash',
      'culprit.process.started_ns': 7,
      'container.id': '4f0c3a1b2d5e',
      'culprit.incident.id': INCIDENT.id,
      'culprit.incident.fingerprint': 'fork-storm/process/8121@7',
      'culprit.incident.state': 'resolved',
      'culprit.incident.detector': 'fork-storm',
      'culprit.incident.severity': 'critical',
      'culprit.incident.value': 200,
      'culprit.incident.threshold': 50,
      'culprit.incident.peak': 250,
      'culprit.incident.unit': '{fork}/s',
      'culprit.incident.window': 0.5,
      'culprit.entity.kind': 'process',
      'culprit.entity.name': 'bash (pid 8121)',
      'culprit.lineage': ['sshd (pid 800)'],
      'culprit.group': 'bash',
      'culprit.workload': 'docker:4f0c3a1b2d5e',
      'culprit.workload_kind': 'container',
    });
  });

  it('is an event in a sentence, in the trace of its span, as severe as it is', async () => {
    const collector = await listening(grpcCollector());
    const { push } = await pushing({ endpoint: collector.endpoint });

    pass(push, 1);
    await until(() => logRecordsOf(collector.logs).length === 2);

    const told = logRecordsOf(collector.logs).map(({ eventName, severityText, severityNumber, timeUnixNano, body }) => [
      eventName,
      severityText,
      severityNumber,
      timeUnixNano,
      body.stringValue,
    ]);
    assert.deepEqual(told, [
      [
        'culprit.incident.opened',
        'ERROR',
        'SEVERITY_NUMBER_ERROR',
        '1700000005000000000',
        'Fork storm: bash (pid 8121) of docker:4f0c3a1b2d5e, 200 fork/s against 50',
      ],
      [
        'culprit.incident.resolved',
        'INFO',
        'SEVERITY_NUMBER_INFO',
        '1700000070000000000',
        'Fork storm resolved after 66 s: bash (pid 8121) of docker:4f0c3a1b2d5e, at worst 250 fork/s against 50',
      ],
    ]);
    assert.equal(logRecordsOf(collector.logs)[0]!.traceId.toString('hex'), idOf(0).replaceAll('-', ''));
  });

  it('that got worse is no event', async () => {
    const collector = await listening(grpcCollector());
    const { push } = await pushing({ endpoint: collector.endpoint });

    push.take({ kind: 'peaked', at: 6_000, incident: INCIDENT });
    opened(push);
    await until(() => collector.logs.length > 0);

    assert.deepEqual(idsOf(collector), [[], [`${INCIDENT.id.replaceAll('-', '').slice(-16)} culprit.incident.opened`]]);
  });

  it('is told as it was then, though the ledger changes it before it is sent', async () => {
    const collector = await listening(grpcCollector());
    const { push } = await pushing({ endpoint: collector.endpoint });
    const changing = { ...INCIDENT };

    opened(push, changing);
    Object.assign(changing, { state: 'resolved', resolvedAt: 70_000, peakValue: 9_999 });
    await until(() => collector.logs.length > 0);

    assert.equal(valuesByName(logRecordsOf(collector.logs)[0]!)['culprit.incident.peak'], 250);
  });

  it('of a hostile name breaks nothing', async () => {
    const collector = await listening(grpcCollector());
    const { push, counts } = await pushing({ endpoint: collector.endpoint });
    const entity = { ...INCIDENT.entity, name: `a\n\u001b[31m\ud800${'x'.repeat(9_000)}` };

    resolved(push, { ...INCIDENT, entity });
    await until(() => counts()['traces sent'] === 1);

    const [span] = spansOf(collector.traces);
    assert.match(span!.status!.message!, /^Fork storm resolved after 66 s: a␊␛\[31m\ufffdxxx/);
    assert.equal(String(valuesByName(span!)['culprit.entity.name']).length, 128);
  });
});
