import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Answer, grpcCollector, httpCollector, responseOf, type Signal } from '../support/collector.ts';
import { spansOf } from '../support/otlp.ts';
import { AT_ONCE_MS, until } from '../support/until.ts';
import { idsOf, idsOfFirst, opened, pass, pushing, use } from './incident-pushing.ts';
import { listening } from './otlp-source.ts';

const UNAVAILABLE = 14;
const INVALID_ARGUMENT = 3;

const tooOld = (signal: Signal) => ({
  partialSuccess: {
    [signal === 'traces' ? 'rejectedSpans' : 'rejectedLogRecords']: signal === 'traces' ? 2 : 1,
    errorMessage: 'too old',
  },
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

  for (const [protocol, start] of [
    ['grpc', () => grpcCollector({ answer: tooOld })],
    [
      'http/protobuf',
      () => httpCollector(0, { reply: (signal, response) => response.end(responseOf(signal, tooOld(signal))) }),
    ],
  ] as const) {
    it(`that takes a part by ${protocol} has the rest counted, and is not sent it again`, async () => {
      const collector = await listening(start());
      const { push, lines, counts } = await pushing({ endpoint: collector.endpoint, protocol });

      pass(push, 3);
      await until(() => counts()['traces sent'] === 1 && counts()['logs sent'] === 5);

      assert.deepEqual(counts(), {
        'traces sent': 1,
        'traces dropped rejected': 2,
        'logs sent': 5,
        'logs dropped rejected': 1,
      });
      assert.deepEqual(idsOf(collector), idsOfFirst(3));
      assert.deepEqual(lines.toSorted(), [
        'OTLP logs fail (rejected): too old',
        'OTLP traces fail (rejected): too old',
      ]);
    });
  }

  it('that rejects more than it was sent has no more counted', async () => {
    const answer: Answer = () => ({ partialSuccess: { rejectedSpans: 999, rejectedLogRecords: 999 } });
    const collector = await listening(grpcCollector({ answer }));
    const { push, counts } = await pushing({ endpoint: collector.endpoint });

    pass(push, 3);
    await until(() => counts()['traces dropped rejected'] === 3 && counts()['logs dropped rejected'] === 6);

    assert.deepEqual(counts(), { 'traces dropped rejected': 3, 'logs dropped rejected': 6 });
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

    it(`that takes ${protocol} and never answers is left at once when another is named, and no trouble is told`, async () => {
      const mute = await listening(start());
      const other = await listening(grpcCollector());
      const { push, lines, counts } = await pushing({ endpoint: mute.endpoint, protocol, timeoutSeconds: 60 });
      opened(push);
      await until(() => mute.logs.length > 0);

      await use(push, { endpoint: other.endpoint });
      await until(() => counts()['logs sent'] === 1, { what: 'a push to the other', withinMs: AT_ONCE_MS });

      assert.deepEqual([idsOf(other)[1].length, lines], [1, []]);
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
