import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { pino } from 'pino';
import { request } from 'undici';

import { createHttpServer, ListenError, type Page } from '../../src/http/index.ts';
import { AT_ONCE_MS } from '../support/until.ts';
import { listening, QUIET, say } from './culprit.ts';

const GET = 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n';

describe('a client that', () => {
  it('never ends its headers is cut off', async () => {
    const { address } = await listening({}, { limits: { headersMs: 200, requestMs: 400 } });

    const received = await say(address, GET).received;

    assert.match(received, /^(HTTP\/1\.1 408 |$)/);
  });

  it('never ends its body is cut off', async () => {
    const { address } = await listening({}, { limits: { headersMs: 200, requestMs: 400 } });

    const received = await say(address, 'POST /-/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nx')
      .received;

    assert.match(received, /^(HTTP\/1\.1 408 |$)/);
  });

  it('sends a header without end gets 431', async () => {
    const { address } = await listening();

    assert.match(await say(address, `${GET}X: ${'x'.repeat(20_000)}\r\n\r\n`).received, /^HTTP\/1\.1 431 /);
  });

  it('sends a body without need gets 413 when it is large', async () => {
    const { url } = await listening();

    const { statusCode } = await request(`${url}/-/reload`, { method: 'POST', body: 'x'.repeat(20_000) });

    assert.equal(statusCode, 413);
  });

  for (const [what, words] of [
    ['speaks no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
    ['knows a method of its own', 'STEAL /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['smuggles', `${GET}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['names no host', 'GET /metrics HTTP/1.1\r\n\r\n'],
  ] as const) {
    it(`${what} gets 400`, async () => {
      const { address } = await listening();

      assert.match(await say(address, words).received, /^HTTP\/1\.1 400 /);
    });
  }

  it('does not read its answer is cut off, and its page is given back', async () => {
    const released = Promise.withResolvers<void>();
    const page: Page = { body: Buffer.alloc(64 << 20, 'x'), contentType: 'text/plain', release: released.resolve };
    const { address } = await listening({ exposition: { scrape: async () => page } }, { limits: { stalledMs: 300 } });

    const { socket } = say(address, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();

    await released.promise;
    socket.destroy();
  });

  it('left before its page was made gives it back as well', async () => {
    const [asked, left, released] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ];
    const { address } = await listening({
      exposition: {
        async scrape() {
          asked.resolve();
          await left.promise;
          return { body: Buffer.from('up 1\n'), contentType: 'text/plain', release: released.resolve };
        },
      },
    });
    const { socket, received } = say(address, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked.promise;

    socket.destroy();
    await received;
    setTimeout(left.resolve, 100);

    await released.promise;
  });

  it('is one too many is turned away, and the others are not', async () => {
    const { address, url } = await listening({}, { limits: { connections: 2 } });
    const held = connect(address.port, '127.0.0.1');
    await once(held, 'connect');

    const { statusCode, body } = await request(`${url}/-/healthy`);
    await body.dump();
    const refused = await say(address, `${GET}\r\n`).received;

    assert.deepEqual([statusCode, refused], [200, '']);
    held.destroy();
  });

  it('stays connected between scrapes does not hold up the end', async () => {
    const { address, server } = await listening();
    const idle = connect(address.port, '127.0.0.1');
    const kept = say(address, `${GET}Connection: keep-alive\r\n\r\n`);
    await Promise.all([once(idle, 'connect'), once(kept.socket, 'data')]);

    const startedAt = performance.now();
    await server.close();

    assert.ok(performance.now() - startedAt < AT_ONCE_MS);
    await kept.received;
    idle.destroy();
  });

  it('waits for an answer that never comes does not hold up the end', async () => {
    const asked = Promise.withResolvers<void>();
    const { address, server } = await listening({
      exposition: {
        scrape: () => {
          asked.resolve();
          return new Promise(() => {});
        },
      },
    });
    const waiting = say(address, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked.promise;

    const startedAt = performance.now();
    await Promise.all([server.close(), server.close()]);

    assert.ok(performance.now() - startedAt < AT_ONCE_MS);
    assert.equal(await waiting.received, '');
  });

  it('was being answered gets its whole page before the end', async () => {
    const asked = Promise.withResolvers<void>();
    const { url, server } = await listening({
      exposition: {
        async scrape() {
          asked.resolve();
          await wait(50);
          return { body: Buffer.from('up 1\n'), contentType: 'text/plain' };
        },
      },
    });
    const answer = request(`${url}/metrics`);
    await asked.promise;

    await server.close();

    assert.equal(await (await answer).body.text(), 'up 1\n');
  });
});

describe('an address that', () => {
  it('is taken is named, with what to do', async () => {
    const { address } = await listening();
    const second = createHttpServer(QUIET, pino({ level: 'silent' }));

    await assert.rejects(second.listen(address), (error: unknown) => {
      assert.ok(error instanceof ListenError);
      assert.equal(
        error.message,
        `cannot listen on 127.0.0.1:${address.port}: EADDRINUSE; another process answers there: end it, or set listen to another port`,
      );
      return true;
    });
    await second.close();
  });

  for (const [host, code] of [
    ['203.0.113.1', 'EADDRNOTAVAIL'],
    ['nowhere.invalid', 'ENOTFOUND'],
  ] as const) {
    it(`is not this machine's is named: ${code}`, async () => {
      const server = createHttpServer(QUIET, pino({ level: 'silent' }));

      await assert.rejects(server.listen({ host, port: 9 }), {
        name: 'ListenError',
        message: new RegExp(`^cannot listen on ${host}:9: `),
      });
      await server.close();
    });
  }
});
