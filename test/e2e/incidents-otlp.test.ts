import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { type Collector, grpcCollector, httpCollector } from '../support/collector.ts';
import { Exporter } from '../support/exporter.ts';
import { type Span, valuesByName } from '../support/otlp.ts';
import { freePort } from '../support/port.ts';
import { Prometheus } from '../support/prometheus.ts';
import { requirement } from '../support/require.ts';
import { sum } from '../support/samples.ts';
import { until } from '../support/until.ts';
import { eventsOf, spanOf, stormOf, watching } from './storms.ts';

const STORM = 'my $end = time + 6; while (time < $end) { my $p = fork; exit if !$p; waitpid $p, 0 }';

const PROTOCOLS = [
  ['grpc', grpcCollector],
  ['http/protobuf', httpCollector],
] as const;

async function collecting(t: TestContext, starting: Promise<Collector>): Promise<Collector> {
  const collector = await starting;
  t.after(() => collector.close());
  return collector;
}

async function watched(t: TestContext, endpoint: string, protocol: string) {
  const cgroup = new Cgroup(`culprit-otel-${process.pid}`);
  const exporter = await Exporter.start(
    `${watching('culprit-otel')}\notlp: {endpoint: "${endpoint}", protocol: ${protocol}}`,
  );
  t.after(async () => {
    await exporter.stop();
    cgroup.remove();
  });
  return { cgroup, exporter };
}

const idsOf = ({ traceId, spanId }: Pick<Span, 'traceId' | 'spanId'>) => [
  traceId.toString('hex'),
  spanId.toString('hex'),
];
const unixMs = (nano: string): number => Number(BigInt(nano) / 1_000_000n);

describe('a storm', { skip: requirement('bpf', 'perl') }, () => {
  for (const [protocol, start] of PROTOCOLS) {
    it(`is a span and two events to a collector that takes ${protocol}, with the ids that everybody tells`, async (t) => {
      const collector = await collecting(t, start());
      const { cgroup, exporter } = await watched(t, collector.endpoint, protocol);

      await cgroup.run(['perl', '-e', STORM]);
      const incident = await until(() => stormOf(exporter, cgroup, 'resolved'));
      const span = await until(() => spanOf(collector, incident.id));
      await until(() => eventsOf(collector, incident.id).length === 2);
      const page = await exporter.page({ accept: 'application/openmetrics-text;version=1.0.0' });

      const ids = [incident.traceId, incident.spanId];
      const events = eventsOf(collector, incident.id);
      assert.deepEqual([idsOf(span), ...events.map(idsOf)], [ids, ids, ids]);
      assert.deepEqual(
        events.map(({ eventName }) => eventName),
        ['culprit.incident.opened', 'culprit.incident.resolved'],
      );
      assert.match(
        page,
        new RegExp(
          `^culprit_incidents_total\\{detector="fork-storm".*# \\{trace_id="${ids[0]}",span_id="${ids[1]}"\\} 1`,
          'm',
        ),
      );
      assert.deepEqual(
        [unixMs(span.startTimeUnixNano), unixMs(span.endTimeUnixNano)],
        [Date.parse(incident.onsetAt), Date.parse(incident.resolvedAt!)],
      );
      const { 'process.executable.name': name, 'culprit.workload': workload } = valuesByName(span);
      assert.deepEqual([name, workload], ['perl', cgroup.path]);
    });
  }

  it('that nobody was there to hear of is told whole when the collector is back', async (t) => {
    const port = await freePort();
    const { cgroup, exporter } = await watched(t, `http://127.0.0.1:${port}`, 'grpc');

    await cgroup.run(['perl', '-e', STORM]);
    const incident = await until(() => stormOf(exporter, cgroup, 'resolved'));
    await exporter.settle((page) => sum(page, 'culprit_outbox_retries_total', { signal: 'traces' }) > 0);
    const collector = await collecting(t, grpcCollector({ port }));
    await until(() => spanOf(collector, incident.id) && eventsOf(collector, incident.id).length === 2);
    const samples = await exporter.settle((page) => sum(page, 'culprit_outbox_depth', {}) === 0);

    assert.deepEqual(
      ['culprit_outbox_dropped_total', 'culprit_outbox_depth'].map((name) => sum(samples, name, {})),
      [0, 0],
    );
    assert.equal(exporter.logged().filter(({ msg }) => /OTLP (?:traces|logs) fail/.test(msg)).length, 2);
  });

  it('that is still open at the end has its event, and no span', async (t) => {
    const collector = await collecting(t, grpcCollector());
    const { cgroup, exporter } = await watched(t, collector.endpoint, 'grpc');
    const storm = cgroup.run(['perl', '-e', STORM]);
    const incident = await until(() => stormOf(exporter, cgroup, 'open'));

    assert.equal(await exporter.stop(), 0);

    assert.deepEqual(
      eventsOf(collector, incident.id).map(({ eventName }) => eventName),
      ['culprit.incident.opened'],
    );
    assert.equal(spanOf(collector, incident.id), undefined);
    await storm;
  });
});

describe('Prometheus', { skip: requirement('bpf', 'perl', 'prometheus') }, () => {
  it('knows the trace of the incident that was counted last', async (t) => {
    const collector = await collecting(t, grpcCollector());
    const { cgroup, exporter } = await watched(t, collector.endpoint, 'grpc');
    const prometheus = await Prometheus.start({ culprit: exporter.url.replace('http://', '') });
    t.after(() => prometheus.stop());

    await cgroup.run(['perl', '-e', STORM]);
    const incident = await until(() => stormOf(exporter, cgroup, 'resolved'));
    const exemplars = await until(async () => {
      const found = await prometheus.exemplars('culprit_incidents_total{detector="fork-storm"}');
      return found.length > 0 && found;
    });

    assert.deepEqual(exemplars[0]!.exemplars.at(-1)!.labels, { trace_id: incident.traceId, span_id: incident.spanId });
    assert.deepEqual(prometheus.complaints(), []);
  });
});
