import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEBTS, type Debt, type Debts } from '../../src/telemetry/incidents/debts.ts';
import { grpcCollector, httpCollector } from '../support/collector.ts';
import { attributesOf, logRecordsOf, spansOf } from '../support/otlp.ts';
import { freePort } from '../support/port.ts';
import { AT_ONCE_MS, until } from '../support/until.ts';
import { INCIDENT, idOf } from './incident.ts';
import { countsOf, idsOf, idsOfFirst, opened, pass, pushing, RESOURCE, unconnected, use } from './incident-pushing.ts';
import { listening } from './otlp-source.ts';

const UNAVAILABLE = 14;

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

  it('is owed what did not arrive, by the next run too, and nothing else', async () => {
    const owed = new Map<string, Set<Debt>>();
    const debts: Debts = {
      owe: ({ id }, debt) => owed.set(id, (owed.get(id) ?? new Set()).add(debt)),
      settle: (id, debt) => owed.get(id)!.delete(debt),
    };
    const inFull = () => [...owed.values()].map((each) => [...each]);
    const first = unconnected([], debts);
    pass(first, 2);
    const before = inFull();
    await first.close();
    const left = inFull();

    const collector = await listening(grpcCollector());
    const second = unconnected([], debts);
    second.resume([{ incident: { ...INCIDENT, id: idOf(0), state: 'resolved', resolvedAt: 9 }, debts: DEBTS }]);
    await use(second, { endpoint: collector.endpoint });
    await until(() => countsOf(second)['logs sent'] === 2 && countsOf(second)['traces sent'] === 1);

    const all = [...DEBTS];
    assert.deepEqual(
      [before, left, inFull()],
      [
        [all, all],
        [all, all],
        [[], all],
      ],
    );
    assert.deepEqual(idsOf(collector), idsOfFirst(1));
  });

  it('is owed what happens while we shut down and have sent our last, but not what nobody wants', async () => {
    const collector = await listening(grpcCollector());
    const owed: [id: string, debt: Debt][] = [];
    const debts: Debts = { owe: ({ id }, debt) => owed.push([id, debt]), settle: () => {} };
    const [last, off] = [unconnected([], debts), unconnected([], debts)];
    await use(last, { endpoint: collector.endpoint });
    (await off.prepare({ traces: undefined, logs: undefined }, RESOURCE))();
    await Promise.all([last.close(), off.close()]);

    pass(last, 1);
    pass(off, 1, 1);

    assert.deepEqual(
      owed,
      DEBTS.map((debt) => [idOf(0), debt]),
    );
  });

  it('has what was told before anybody knew where to', async () => {
    const collector = await listening(grpcCollector());
    const push = unconnected();
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
