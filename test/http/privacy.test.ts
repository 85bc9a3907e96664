import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request } from 'undici';

import { listening } from './culprit.ts';

const PRIVATE = [
  ['GET', '/status'],
  ['GET', '/blame'],
  ['GET', '/processes'],
  ['GET', '/processes/1'],
  ['GET', '/graph'],
  ['GET', '/graph/1'],
  ['GET', '/openapi.json'],
  ['POST', '/-/reload'],
] as const;

describe('on an address that others can reach', () => {
  it('serves metrics and health', async () => {
    const { url } = await listening({}, { host: '0.0.0.0' });

    for (const path of ['/metrics', '/-/healthy', '/-/ready', '/']) {
      const { statusCode, body } = await request(`${url}${path}`);
      await body.dump();
      assert.equal(statusCode, 200, path);
    }
  });

  it('answers 403 with the reason for all else, and does not reload', async () => {
    let reloads = 0;
    const reload = async () => {
      reloads++;
      return { ok: true } as const;
    };
    const { url } = await listening({ reload }, { host: '' });

    for (const [method, path] of PRIVATE) {
      const { statusCode, body } = await request(`${url}${path}`, { method });
      assert.equal(statusCode, 403);
      assert.match(
        await body.text(),
        /which others can reach: only \/metrics and health are served there; listen on 127\.0\.0\.1/,
      );
    }
    assert.equal(reloads, 0);
  });

  it('links on the landing page only to what it serves', async () => {
    const { url } = await listening({}, { host: '0.0.0.0' });

    const html = await (await request(url)).body.text();

    assert.match(html, /href="\/metrics"/);
    assert.doesNotMatch(html, /href="\/status"/);
  });
});

describe('on the loopback address', () => {
  it('refuses a web page that comes by a name of its own, or from another origin', async () => {
    const { url } = await listening();

    for (const [method, path] of PRIVATE) {
      for (const headers of [
        { host: 'rebound.example:9464' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
      ]) {
        const { statusCode, body } = await request(`${url}${path}`, { method, headers });
        await body.dump();
        assert.equal(statusCode, 403);
      }
    }
  });

  it('answers localhost, addresses and its own page', async () => {
    const { url, address } = await listening();

    for (const headers of [
      { host: 'localhost' },
      { host: '[::1]:1' },
      { host: `127.0.0.1:${address.port}`, origin: url },
    ]) {
      const { statusCode, body } = await request(`${url}/status`, { headers });
      await body.dump();
      assert.equal(statusCode, 200);
    }
  });
});
