import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grpcCollector, httpCollector } from '../support/collector.ts';
import { attributesOf, metricsOf, pointsOf, received } from '../support/otlp.ts';
import { busySheets, emptySheets, lifetimes, random, row } from './accounts.ts';
import { listening, open, scraped, source } from './otlp-source.ts';

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
