import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grpcCollector, httpCollector } from '../support/collector.ts';
import { received } from '../support/otlp.ts';
import { sampleKey } from '../support/page.ts';
import { freePort } from '../support/port.ts';
import { AT_ONCE_MS } from '../support/until.ts';
import { busySheets, emptySheets, random, row } from './accounts.ts';
import { listening, open, scraped, source } from './otlp-source.ts';

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
      { endpoint: `http://127.0.0.1:${port}`, protocol: 'http/protobuf', timeoutSeconds: 2 },
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
