import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Collector, grpcCollector, httpCollector } from '../support/collector.ts';
import { retryable } from '../support/retry-info.ts';
import { until } from '../support/until.ts';
import { idsOf, idsOfFirst, pass, pushing } from './incident-pushing.ts';
import { listening } from './otlp-source.ts';

const [RESOURCE_EXHAUSTED, UNAVAILABLE] = [8, 14];
/** Without a wish of the collector the first pause is half a second here. */
const ASKED_MS = 1_200;
const DELAY = { seconds: 1, nanos: 200_000_000 };

/** When spans came, and an incident that came again after the pause, whole, though only the second time. */
async function askedAgain(
  start: (isBusy: (signal: string) => boolean) => Promise<Collector>,
  protocol: 'grpc' | 'http/protobuf',
) {
  const cameAt: number[] = [];
  const collector = await listening(start((signal) => signal === 'traces' && cameAt.push(performance.now()) === 1));
  const { push, counts } = await pushing({ endpoint: collector.endpoint, protocol });

  pass(push, 1);
  await until(() => counts()['traces sent'] === 1 && counts()['logs sent'] === 2);

  const [[id], events] = idsOfFirst(1);
  assert.deepEqual(idsOf(collector), [[id, id], events]);
  assert.deepEqual(counts(), { 'traces sent': 1, 'traces retries': 1, 'logs sent': 2 });
  return cameAt[1]! - cameAt[0]!;
}

describe('a collector that says when to come back', () => {
  for (const [name, code] of Object.entries({ RESOURCE_EXHAUSTED, UNAVAILABLE })) {
    it(`with ${name} and a RetryInfo is left alone for so long`, async () => {
      const pausedMs = await askedAgain(
        (isBusy) => grpcCollector({ answer: (signal) => (isBusy(signal) ? retryable(code, DELAY) : {}) }),
        'grpc',
      );

      assert.ok(pausedMs >= ASKED_MS, `${pausedMs} ms`);
    });
  }

  for (const status of [429, 503]) {
    for (const [way, header, leastMs] of [
      ['seconds', () => '1', 1_000],
      // Whole seconds: of two, more than one is left.
      ['a date', () => new Date(Date.now() + 2_000).toUTCString(), 950],
    ] as const) {
      it(`with HTTP ${status} and ${way} in Retry-After is left alone for so long`, async () => {
        const pausedMs = await askedAgain(
          (isBusy) =>
            httpCollector(0, {
              reply: (signal, response) =>
                isBusy(signal) ? response.writeHead(status, { 'retry-after': header() }).end() : response.end(),
            }),
          'http/protobuf',
        );

        assert.ok(pausedMs >= leastMs, `${pausedMs} ms`);
      });
    }
  }

  it('is asked again at the usual pace when what it says is no time', async () => {
    const pausedMs = await askedAgain(
      (isBusy) =>
        httpCollector(0, {
          reply: (signal, response) =>
            isBusy(signal) ? response.writeHead(503, { 'retry-after': 'soon' }).end() : response.end(),
        }),
      'http/protobuf',
    );

    assert.ok(pausedMs >= 500, `${pausedMs} ms`);
  });
});

describe('a collector that is out of resources', () => {
  it('is asked again when it says that this is worth it, be it without a time', async () => {
    const pausedMs = await askedAgain(
      (isBusy) => grpcCollector({ answer: (signal) => (isBusy(signal) ? retryable(RESOURCE_EXHAUSTED) : {}) }),
      'grpc',
    );

    assert.ok(pausedMs >= 500, `${pausedMs} ms`);
  });

  it('is not asked again when it does not: what it refused is counted', async () => {
    const collector = await listening(
      grpcCollector({ answer: () => ({ code: RESOURCE_EXHAUSTED, details: 'quota' }) }),
    );
    const { push, lines, counts } = await pushing({ endpoint: collector.endpoint });

    pass(push, 2);
    await until(() => counts()['traces dropped refused'] === 2 && counts()['logs dropped refused'] === 4);

    assert.deepEqual(counts(), { 'traces dropped refused': 2, 'logs dropped refused': 4 });
    assert.deepEqual(lines.toSorted(), [
      'OTLP logs fail (refused): RESOURCE_EXHAUSTED: quota',
      'OTLP traces fail (refused): RESOURCE_EXHAUSTED: quota',
    ]);
  });
});
