import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grpcCollector } from '../support/collector.ts';
import { logRecordsOf, spansOf, valuesByName } from '../support/otlp.ts';
import { until } from '../support/until.ts';
import { INCIDENT, idOf } from './incident.ts';
import { idsOf, opened, pass, pushing, resolved } from './incident-pushing.ts';
import { listening } from './otlp-source.ts';

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

  it('that was lost says so, and lasts no longer than it was seen', async () => {
    const collector = await listening(grpcCollector());
    const { push } = await pushing({ endpoint: collector.endpoint });

    push.take({ kind: 'lost', at: 14_000_000, incident: { ...INCIDENT, state: 'lost', resolvedAt: 14_000_000 } });
    await until(() => collector.traces.length > 0 && collector.logs.length > 0);

    const sentence =
      'Fork storm lost, last seen after 5 s: bash (pid 8121) of docker:4f0c3a1b2d5e, at worst 250 fork/s against 50';
    const [span] = spansOf(collector.traces);
    const [event] = logRecordsOf(collector.logs);
    assert.deepEqual(
      [span!.status, span!.startTimeUnixNano, span!.endTimeUnixNano, valuesByName(span!)['culprit.incident.state']],
      [{ code: 'STATUS_CODE_ERROR', message: sentence }, '1700000004500000000', '1700000009000000000', 'lost'],
    );
    assert.deepEqual(
      [event!.eventName, event!.timeUnixNano, event!.severityText, event!.body.stringValue],
      ['culprit.incident.lost', '1700014000000000000', 'INFO', sentence],
    );
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
