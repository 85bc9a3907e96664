import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

import { request } from 'undici';

import type { Page } from '../../src/http/index.ts';
import { listening } from './culprit.ts';

describe('GET /metrics', () => {
  it('hands the two headers on and answers with the page as it is', async () => {
    const asked: unknown[] = [];
    const page: Page = {
      body: gzipSync('up 1\n'),
      contentType: 'application/openmetrics-text; version=1.0.0',
      encoding: 'gzip',
    };
    const { url } = await listening({
      exposition: {
        scrape: async (...headers) => {
          asked.push(headers);
          return page;
        },
      },
    });

    const { statusCode, headers, body } = await request(`${url}/metrics`, {
      headers: { accept: 'a/b', 'accept-encoding': 'gzip' },
    });

    assert.deepEqual(Buffer.from(await body.arrayBuffer()), page.body);
    assert.deepEqual(asked, [['a/b', 'gzip']]);
    assert.deepEqual(
      [statusCode, headers['content-type'], headers['content-encoding'], headers.vary, headers['content-length']],
      [200, page.contentType, 'gzip', 'accept, accept-encoding', String(page.body.length)],
    );
  });

  it('answers HEAD with the length and no body', async () => {
    const { url } = await listening();

    const { statusCode, headers, body } = await request(`${url}/metrics`, { method: 'HEAD' });

    assert.deepEqual([statusCode, headers['content-length'], await body.text()], [200, '5', '']);
  });

  it('answers 500 with a sentence when there is no page, and logs it', async () => {
    const { url, logged } = await listening({
      exposition: {
        scrape: async () => {
          throw new Error('the sheets are gone');
        },
      },
    });

    const { statusCode, body } = await request(`${url}/metrics`);

    assert.deepEqual([statusCode, await body.text()], [500, 'cannot render the metrics: the sheets are gone\n']);
    assert.equal(logged.length, 1);
  });

  it('refuses other methods and names those it takes', async () => {
    const { url } = await listening();

    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      const { statusCode, headers, body } = await request(`${url}/metrics?x=1`, { method });
      await body.dump();
      assert.deepEqual([statusCode, headers.allow], [405, 'GET, HEAD']);
    }
  });

  it('gives a page back once its client has it', async () => {
    let released = 0;
    const page = { body: Buffer.from('up 1\n'), contentType: 'text/plain', release: () => void released++ };
    const { url, server } = await listening({ exposition: { scrape: async () => page } });

    for (let time = 0; time < 3; time++) await (await request(`${url}/metrics`)).body.text();
    await server.close();

    assert.equal(released, 3);
  });
});

describe('health', () => {
  it('is healthy for as long as it answers', async () => {
    const { url } = await listening({ readiness: { ready: () => ({ ready: false, mode: 'bpf', reasons: ['x'] }) } });

    const { statusCode, body } = await request(`${url}/-/healthy`);

    assert.deepEqual([statusCode, await body.text()], [200, 'Culprit is healthy.\n']);
  });

  for (const [what, state, expectedStatus, expected] of [
    ['all probes', { ready: true, mode: 'bpf', reasons: [] }, 200, { ready: true, mode: 'bpf', degraded: [] }],
    [
      '/proc by choice',
      { ready: true, mode: 'procfs', reasons: ['no BTF'] },
      200,
      { ready: true, mode: 'procfs', degraded: ['no BTF'] },
    ],
    [
      'a required probe missing',
      { ready: false, mode: 'bpf', reasons: ['no BTF'] },
      503,
      { ready: false, mode: 'bpf', reasons: ['no BTF'] },
    ],
  ] as const) {
    it(`is ${expectedStatus} on /-/ready with ${what}`, async () => {
      const { url } = await listening({ readiness: { ready: () => state } });

      const { statusCode, body } = await request(`${url}/-/ready`);

      assert.deepEqual([statusCode, await body.json()], [expectedStatus, expected]);
    });
  }
});

describe('POST /-/reload', () => {
  it('says that the new configuration holds', async () => {
    const { url } = await listening();

    const { statusCode, body } = await request(`${url}/-/reload`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });

    assert.deepEqual([statusCode, await body.json()], [200, { ok: true }]);
  });

  it('tells the faults when the old one stays', async () => {
    const { url } = await listening({ reload: async () => ({ ok: false, faults: '1 fault' }) });

    const { statusCode, body } = await request(`${url}/-/reload`, { method: 'POST' });

    assert.deepEqual([statusCode, await body.json()], [400, { ok: false, faults: '1 fault' }]);
  });

  it('does nothing on GET', async () => {
    let reloads = 0;
    const { url } = await listening({
      reload: async () => {
        reloads++;
        return { ok: true };
      },
    });

    const { statusCode } = await request(`${url}/-/reload`);

    assert.deepEqual([statusCode, reloads], [405, 0]);
  });
});

describe('the rest', () => {
  it('shows the status', async () => {
    const { url } = await listening();

    assert.deepEqual(await (await request(`${url}/status`)).body.json(), { mode: 'bpf', processes: 7 });
  });

  it('answers 500 with a sentence when the status fails', async () => {
    const { url } = await listening({
      status: () => {
        throw new Error('no status');
      },
    });

    const { statusCode, body } = await request(`${url}/status`);

    assert.deepEqual([statusCode, await body.json()], [500, { error: 'no status' }]);
  });

  it('describes every route in OpenAPI and answers what it describes', async () => {
    const { url } = await listening();
    const { paths } = (await (await request(`${url}/openapi.json`)).body.json()) as {
      paths: Record<string, Record<string, object>>;
    };

    assert.deepEqual(Object.keys(paths), [
      '/metrics',
      '/-/healthy',
      '/-/ready',
      '/-/reload',
      '/status',
      '/blame',
      '/incidents',
      '/incidents/{id}',
      '/alerts',
      '/processes',
      '/processes/{pid}',
      '/graph',
      '/graph/{pid}',
      '/workloads',
      '/pressure',
      '/stream',
      '/runbooks/{name}',
      '/openapi.json',
      '/',
    ]);
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const { statusCode, headers, body } = await request(
          `${url}${path.replace('{pid}', '1').replace('{name}', 'fork-storm')}`,
          {
            method: method.toUpperCase() as 'GET',
          },
        );
        // The stream has no end to wait for.
        await (path === '/stream' ? body.on('error', () => {}).destroy() : body.dump());
        const { 200: answer } = (operation as { responses: Record<number, { content: object }> }).responses;

        assert.equal(statusCode, 200);
        assert.deepEqual([String(headers['content-type']).split(';')[0]], Object.keys(answer?.content ?? {}));
      }
    }
  });

  it('has a landing page that links to what is served and asks nothing of other hosts', async () => {
    const { url } = await listening();

    const { headers, body } = await request(url);
    const html = await body.text();

    assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
    for (const path of ['/metrics', '/-/ready', '/status', '/openapi.json'])
      assert.match(html, new RegExp(`href="${path}"`));
    assert.doesNotMatch(html, /https?:|src=/);
  });

  it('says that nothing is served elsewhere', async () => {
    const { url } = await listening();

    const { statusCode, body } = await request(`${url}/debug/pprof`);

    assert.deepEqual(
      [statusCode, await body.json()],
      [404, { error: 'nothing is served at /debug/pprof; GET / lists what is' }],
    );
  });
});
