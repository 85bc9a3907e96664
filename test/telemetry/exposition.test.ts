import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createExposition } from '../../src/telemetry/exposition.ts';
import { acceptsGzip, formatFor } from '../../src/telemetry/negotiate.ts';
import { seriesReading } from '../../src/telemetry/self.ts';
import { sampleKey, samplesOf } from '../support/page.ts';
import { busySheets, emptySheets, random, row, work } from './accounts.ts';

const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';

function exposed(sheets = busySheets(1_000, random(1))) {
  const clock = { ms: 0 };
  let renders = 0;
  const exposition = createExposition({
    sheets,
    self: () => {
      renders += 1;
      return [];
    },
    resource: {},
    exemplarOf: () => undefined,
    now: () => clock.ms,
  });
  return { exposition, sheets, clock, renders: () => renders };
}

describe('what the page is written in', () => {
  const asked: [string | undefined, string][] = [
    [undefined, 'text'],
    ['*/*', 'text'],
    ['application/json', 'text'],
    ['text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1', 'text'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text; version="1.0.0"', 'openmetrics'],
    [PROMETHEUS_2, 'openmetrics'],
    [PROMETHEUS_3, 'openmetrics'],
    [';;,=;q=x', 'text'],
  ];

  for (const [accept, format] of asked) {
    it(`is ${format} for who accepts ${accept}`, () => {
      assert.equal(formatFor(accept), format);
    });
  }

  it('is gzip only for who names it, and not for who refuses it', () => {
    assert.deepEqual(['gzip', 'br, gzip;q=0.5', undefined, '*', 'gzip;q=0', 'identity'].map(acceptsGzip), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('is told in full, version and charset, and ends where OpenMetrics ends', async () => {
    const { exposition } = exposed();

    const text = await exposition.scrape('text/plain');
    const open = await exposition.scrape(PROMETHEUS_2);

    assert.equal(text.contentType, 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(open.contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
    assert.match(Buffer.from(open.body).toString(), /\n# EOF\n$/);
  });

  it('is the same page when compressed', async () => {
    const { exposition } = exposed();

    const plain = await exposition.scrape();
    const packed = await exposition.scrape(undefined, 'gzip');

    assert.deepEqual([plain.encoding, packed.encoding], [undefined, 'gzip']);
    assert.ok(gunzipSync(packed.body).equals(plain.body));
  });
});

describe('many scrapers', () => {
  it('cost one page while it is younger than its minimum age', async () => {
    const { exposition, clock, renders } = exposed();

    await Promise.all(Array.from({ length: 50 }, (_, index) => exposition.scrape(undefined, index % 2 ? 'gzip' : '')));
    clock.ms = 249;
    await exposition.scrape();

    assert.equal(renders(), 1);
  });

  it('get a new one after it', async () => {
    const { exposition, sheets, clock, renders } = exposed(emptySheets());
    row(sheets.groups as never, ['sh', '', ''], { forks: 1 });
    await exposition.scrape();

    clock.ms = 250;
    (sheets.groups.columns[0] as Float64Array)[0] = 2;
    const { body } = await exposition.scrape();

    assert.equal(renders(), 2);
    assert.equal(
      samplesOf(Buffer.from(body).toString()).get(sampleKey('culprit_process_forks_total', { group: 'sh' })),
      2,
    );
  });

  it('see the failure of a reading as their own, and the next page all the same', async () => {
    let broken = true;
    const exposition = createExposition({
      sheets: emptySheets(),
      self: () => {
        if (broken) throw new Error('no /proc here');
        return [];
      },
      resource: {},
      exemplarOf: () => undefined,
      now: () => 0,
    });

    await assert.rejects(exposition.scrape(), /no \/proc here/);
    broken = false;
    assert.equal(samplesOf(Buffer.from((await exposition.scrape()).body).toString()).size, 1);
  });
});

describe('a page that is still being sent', () => {
  it('is never rendered into, whoever else asks', async () => {
    const { exposition, sheets, clock } = exposed();
    const next = random(2);
    const slow = await exposition.scrape();
    const before = Buffer.from(slow.body);

    for (let round = 1; round <= 20; round++) {
      clock.ms = round * 1_000;
      work(sheets as never, next);
      (await exposition.scrape()).release();
      await exposition.scrape(undefined, 'gzip');
    }

    assert.ok(before.equals(slow.body));
  });

  it('gives its memory to another once it is sent', async () => {
    const { exposition, clock } = exposed();
    const buffers = new Set<ArrayBufferLike>();

    for (let round = 1; round <= 20; round++) {
      clock.ms = round * 1_000;
      const { body, release } = await exposition.scrape();
      buffers.add(body.buffer);
      release();
      release();
    }

    assert.equal(buffers.size, 2);
  });

  it('reaches a client that reads slowly as it was when it asked', async () => {
    const { exposition, sheets, clock } = exposed(busySheets(30_000, random(3)));
    const server = createServer(async (_, response) => {
      const { body, release } = await exposition.scrape();
      response.on('close', release).end(body);
    }).listen(0);
    await once(server, 'listening');
    const expected = Buffer.from((await exposition.scrape()).body);

    const [response] = await once(request({ port: (server.address() as AddressInfo).port }).end(), 'response');
    const chunks: Buffer[] = [];
    const next = random(4);
    for await (const chunk of response) {
      chunks.push(chunk);
      clock.ms += 1_000;
      work(sheets as never, next);
      await exposition.scrape();
      await turn();
    }
    server.close();

    assert.ok(Buffer.concat(chunks).equals(expected));
  });
});

describe('the count of series', () => {
  it('is what the page shows, by family', async () => {
    const sheets = busySheets(500, random(9));
    const exposition = createExposition({
      sheets,
      self: seriesReading(sheets),
      resource: {},
      exemplarOf: () => undefined,
      now: () => 0,
    });

    const samples = samplesOf(Buffer.from((await exposition.scrape()).body).toString());

    const names = [...samples.keys()].filter((key) => !/^(culprit_series|target_info)/.test(key));
    const told = [...samples]
      .filter(([key]) => key.startsWith('culprit_series'))
      .reduce((sum, [, value]) => sum + value, 0);
    assert.equal(told, names.length);
  });
});
