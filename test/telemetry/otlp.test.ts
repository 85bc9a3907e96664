import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, describe, it } from 'node:test';
import { createExposition } from '../../src/telemetry/exposition.ts';
import { type Otlp, type OtlpOptions, type OtlpSource, openOtlp } from '../../src/telemetry/otlp.ts';
import type { SelfSample } from '../../src/telemetry/self.ts';
import { type Collector, grpcCollector, httpCollector } from '../support/collector.ts';
import { attributesOf, metricsOf, pointsOf, received } from '../support/otlp.ts';
import { sampleKey, samplesOf } from '../support/page.ts';
import { AT_ONCE_MS } from '../support/until.ts';
import { busySheets, emptySheets, lifetimes, random, row } from './accounts.ts';

const SELF: readonly SelfSample[] = [
  { family: 'culprit.build_info', labels: { version: '0.1.0' }, value: 1 },
  { family: 'culprit.events', labels: { kind: 'fork' }, value: 27 },
  { family: 'culprit.map.entries', labels: { map: 'cgroups' }, value: 12 },
  { family: 'process.cpu', labels: {}, value: 1.25 },
  { family: 'process.start_time', labels: {}, value: 1_700_000_000.25 },
];

const OPTIONS: OtlpOptions = {
  endpoint: '',
  protocol: 'grpc',
  headers: {},
  timeoutSeconds: 3,
  intervalSeconds: 3_600,
  compression: 'none',
  insecure: false,
  caFile: '',
  certFile: '',
  keyFile: '',
};

const opened: { close(): unknown }[] = [];
after(() => Promise.all(opened.map((one) => one.close())));

function source(sheets = busySheets(1_000, random(7)), lines: string[] = []): OtlpSource {
  return {
    sheets,
    self: () => SELF,
    resource: { 'service.name': 'culprit', 'host.id': 'abc' },
    version: '0.1.0',
    now: () => 60_000,
    wallOffsetMs: () => 1_700_000_000_000,
    log: (line) => lines.push(line),
  };
}

async function open(options: Partial<OtlpOptions>, from: OtlpSource = source()): Promise<Otlp> {
  const otlp = await openOtlp({ ...OPTIONS, ...options }, from);
  opened.push(otlp);
  return otlp;
}

async function listening(collector: Promise<Collector>): Promise<Collector> {
  const one = await collector;
  opened.push(one);
  return one;
}

async function scraped({ sheets, self, now, resource }: OtlpSource): Promise<Map<string, number>> {
  const exposition = createExposition({ sheets, self, now, resource, exemplarOf: () => undefined });
  const samples = samplesOf(Buffer.from((await exposition.scrape()).body).toString());
  return new Map([...samples].filter(([key]) => !key.startsWith('target_info')));
}

describe('a push', () => {
  it('by gRPC brings the samples that a scrape shows, no more and no fewer', async () => {
    const collector = await listening(grpcCollector());
    const from = source();

    await (await open({ endpoint: collector.endpoint }, from)).flush();

    assert.deepEqual(received(collector.requests), await scraped(from));
  });

  it('by http/protobuf, compressed, brings the same', async () => {
    const collector = await listening(httpCollector());
    const from = source();

    await (await open({ endpoint: collector.endpoint, protocol: 'http/protobuf', compression: 'gzip' }, from)).flush();

    assert.deepEqual(received(collector.requests), await scraped(from));
  });

  it('of many samples comes in messages that a collector takes', async () => {
    const collector = await listening(grpcCollector());
    const from = source(busySheets(25_000, random(8)));

    await (await open({ endpoint: collector.endpoint, compression: 'gzip' }, from)).flush();

    const sizes = collector.requests.map((request) => metricsOf([request]).flatMap(pointsOf).length);
    assert.ok(sizes.length > 4 && Math.max(...sizes) <= 5_000, `messages of ${sizes} points`);
    assert.deepEqual(received(collector.requests), await scraped(from));
  });

  it('carries headers and the resource', async () => {
    for (const [protocol, start] of [
      ['grpc', grpcCollector],
      ['http/protobuf', httpCollector],
    ] as const) {
      const collector = await listening(start());

      await (await open({ endpoint: collector.endpoint, protocol, headers: { 'x-tenant': 'blue' } })).flush();

      const { attributes } = collector.requests[0]!.resourceMetrics[0]!.resource;
      assert.equal(collector.headers()['x-tenant'], 'blue');
      assert.deepEqual(
        attributes.map(({ key, value }) => [key, value.stringValue]),
        [
          ['service.name', 'culprit'],
          ['host.id', 'abc'],
        ],
      );
    }
  });

  it('tells since when each row counts, and for each metric what it is', async () => {
    const collector = await listening(grpcCollector());
    const sheets = emptySheets();
    row(sheets.groups, ['sh', 'host', 'host'], { forks: 23, open_fds: 3, fd_limit_ratio: 0.5 }, 1_500.5);
    row(sheets.workloads, ['host', 'host'], lifetimes([1, 0, 0, 0, 0, 0, 0, 0, 0], 0.0004), 2_000);

    await (await open({ endpoint: collector.endpoint }, { ...source(sheets), self: () => [] })).flush();

    const told = metricsOf(collector.requests).map((metric) => {
      const { isMonotonic, aggregationTemporality } = metric.sum ?? metric.histogram ?? metric.gauge!;
      const { startTimeUnixNano, timeUnixNano } = pointsOf(metric)[0]!;
      return [metric.name, metric.unit, isMonotonic, aggregationTemporality, startTimeUnixNano, timeUnixNano];
    });
    const cumulative = 'AGGREGATION_TEMPORALITY_CUMULATIVE';
    const at = '1700000060000000000';
    assert.deepEqual(told, [
      ['culprit.process.forks', '{fork}', true, cumulative, '1700000001500500000', at],
      ['culprit.process.open_fds', '{fd}', undefined, cumulative, '1700000001500500000', at],
      ['culprit.process.fd.limit_ratio', '1', undefined, undefined, '1700000001500500000', at],
      ['culprit.process.lifetime', 's', undefined, cumulative, '1700000002000000000', at],
    ]);
  });

  it('forgets a row that was closed, and gives its slot a start of its own', async () => {
    const collector = await listening(grpcCollector());
    const sheets = emptySheets();
    const otlp = await open({ endpoint: collector.endpoint }, { ...source(sheets), self: () => [] });
    sheets.groups.close(row(sheets.groups, ['old', 'host', 'host'], { forks: 1 }, 1));
    row(sheets.groups, ['new', 'host', 'host'], { forks: 2 }, 5);
    await otlp.flush();
    sheets.groups.close(0);
    await otlp.flush();
    row(sheets.groups, ['newer', 'host', 'host'], { forks: 3 }, 9);
    await otlp.flush();

    const points = metricsOf(collector.requests).flatMap(pointsOf);
    assert.deepEqual(
      points.map((point) => [attributesOf(point).group, point.startTimeUnixNano]),
      [
        ['new', '1700000000005000000'],
        ['newer', '1700000000009000000'],
      ],
    );
  });

  it('is counted', async () => {
    const collector = await listening(grpcCollector());
    const otlp = await open({ endpoint: collector.endpoint });

    await otlp.flush();
    await otlp.flush();

    assert.deepEqual(
      otlp.readings().map(({ labels, value }) => [labels.signal, labels.outcome, value]),
      [
        ['metrics', 'ok', 2],
        ['metrics', 'error', 0],
      ],
    );
  });
});

describe('a collector that is not there', () => {
  it('changes its own count, is told once, and nothing else', async () => {
    const lines: string[] = [];
    const from = source(busySheets(100, random(2)), lines);
    const before = await scraped(from);
    const otlp = await open({ endpoint: 'http://127.0.0.1:1' }, from);

    for (let push = 0; push < 3; push++) await otlp.flush();

    assert.deepEqual(
      otlp.readings().map(({ value }) => value),
      [0, 3],
    );
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^OTLP push fails: .*ECONNREFUSED 127\.0\.0\.1:1/);
    assert.deepEqual(await scraped(from), before);
  });

  it('misses nothing when it comes back: sums are cumulative', async () => {
    const sheets = emptySheets();
    const slot = row(sheets.groups, ['sh', 'host', 'host'], { forks: 23 });
    const lines: string[] = [];
    const port = await freePort();
    const otlp = await open(
      { endpoint: `http://127.0.0.1:${port}`, protocol: 'http/protobuf', timeoutSeconds: 0.5 },
      source(sheets, lines),
    );
    await otlp.flush();

    const collector = await listening(httpCollector(port));
    sheets.groups.add(slot, sheets.groups.column('forks'), 7);
    await otlp.flush();

    const key = sampleKey('culprit_process_forks_total', { group: 'sh', workload: 'host', workload_kind: 'host' });
    assert.equal(received(collector.requests).get(key), 30);
    assert.deepEqual(
      lines.map((line) => line.slice(0, 16)),
      ['OTLP push fails:', 'OTLP push works '],
    );
  });
});

describe('the end', () => {
  it('pushes once more', async () => {
    const collector = await listening(grpcCollector());
    const otlp = await open({ endpoint: collector.endpoint });

    assert.deepEqual(await otlp.close(), { flushed: true });
    assert.equal(collector.requests.length, 1);
  });

  for (const [name, start, protocol] of [
    ['gRPC', () => grpcCollector({ answers: false }), 'grpc'],
    ['http', () => httpCollector(0, { answers: false }), 'http/protobuf'],
  ] as const) {
    it(`comes long before the timeout though a ${name} collector never answers`, async () => {
      const collector = await listening(start());
      const otlp = await open({ endpoint: collector.endpoint, protocol, timeoutSeconds: 60 });
      const began = performance.now();

      assert.deepEqual(await otlp.close(), { flushed: false });
      assert.ok(performance.now() - began < AT_ONCE_MS);
      assert.equal(collector.requests.length, 1);
    });
  }

  it('may be asked for twice, and comes at once when nobody listens', async () => {
    const otlp = await open({ endpoint: 'http://127.0.0.1:1' });
    const began = performance.now();

    assert.deepEqual(await Promise.all([otlp.close(), otlp.close()]), [{ flushed: false }, { flushed: false }]);
    assert.ok(performance.now() - began < AT_ONCE_MS);
  });
});

describe('an option that can not work', () => {
  it('is refused before the first push', async () => {
    await assert.rejects(
      open({ endpoint: 'https://127.0.0.1:1', caFile: '/nowhere/ca.pem' }),
      /ENOENT.*\/nowhere\/ca\.pem/,
    );
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
