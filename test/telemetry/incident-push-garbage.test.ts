import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { grpcCollector, httpCollector } from '../support/collector.ts';
import { until } from '../support/until.ts';
import { idsOf, idsOfFirst, pass, pushing, use } from './incident-pushing.ts';
import { listening } from './otlp-source.ts';

const PAGE = '<!DOCTYPE html><html><body>Please log in.</body></html>';
const ALL = { 'traces sent': 3, 'logs sent': 6 };

/** What speaks HTTP/2, and is no gRPC server: its endpoint. */
async function http2Server(reply: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  const open = new Set<ServerHttp2Stream>();
  server.on('stream', (stream) => {
    open.add(stream.on('error', () => {}));
    reply(stream);
  });
  await once(server, 'listening');
  after(() => {
    for (const { session } of open) session?.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const says = (type: string, body: string) => (_: unknown, response: ServerResponse) =>
  response.writeHead(200, { 'content-type': type }).end(body);

describe('an endpoint that is no collector', () => {
  for (const [what, pushTo] of [
    ['sends web pages', async () => ['http/protobuf', (await httpPage()).endpoint]],
    ['hangs up', async () => ['http/protobuf', (await httpHangUp()).endpoint]],
    ['speaks HTTP/1 where gRPC is wanted', async () => ['grpc', (await httpPage()).endpoint]],
    ['hangs up in the middle of an answer of gRPC', async () => ['grpc', await http2Server(cut)]],
  ] as const) {
    it(`and ${what} loses nothing: all waits, tried at a bounded pace, for one that is`, async () => {
      const [protocol, endpoint] = await pushTo();
      const { push, lines, counts } = await pushing({ endpoint: endpoint!, protocol: protocol as 'grpc' });
      const began = performance.now();
      pass(push, 3);
      await until(() => (counts()['traces retries'] ?? 0) >= 2 && (counts()['logs retries'] ?? 0) >= 2);
      const [waiting, waitedMs] = [counts(), performance.now() - began];

      const collector = await listening(httpCollector());
      await use(push, { endpoint: collector.endpoint, protocol: 'http/protobuf' });
      await until(() => counts()['traces sent'] === 3 && counts()['logs sent'] === 6);

      assert.deepEqual([waiting['traces depth'], waiting['logs depth'], waiting['traces sent']], [3, 6, undefined]);
      // The pauses are at least 0.5 and 1 s.
      assert.ok(waitedMs >= 1_500, `${waitedMs} ms`);
      assert.equal(lines.filter((line) => line.includes('fail (later)')).length, 2);
      assert.deepEqual(idsOf(collector), idsOfFirst(3));
    });
  }

  it('but answers gRPC with web pages costs what it was sent, counted and told', async () => {
    const endpoint = await http2Server((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/html' });
      stream.end(PAGE);
    });
    const { push, lines, counts } = await pushing({ endpoint });

    pass(push, 3);
    await until(() => counts()['traces dropped refused'] === 3 && counts()['logs dropped refused'] === 6);

    assert.deepEqual(counts(), { 'traces dropped refused': 3, 'logs dropped refused': 6 });
    assert.equal(lines.filter((line) => line.includes('fail (refused)')).length, 2);
  });
});

describe('an answer of success', () => {
  for (const [what, reply] of [
    ['of the wrong type', says('application/json', '{}')],
    ['of bytes that mean nothing', says('application/x-protobuf', '\xff\xff\xff')],
    [
      'that breaks off',
      (_: unknown, response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 100 });
        response.write('\x0a', () => response.destroy());
      },
    ],
  ] as const) {
    it(`${what} is one: nothing is sent a second time`, async () => {
      const collector = await listening(httpCollector(0, { reply }));
      const { push, counts } = await pushing({ endpoint: collector.endpoint, protocol: 'http/protobuf' });

      pass(push, 3);
      await until(() => counts()['traces sent'] === 3 && counts()['logs sent'] === 6);

      assert.deepEqual([counts(), idsOf(collector)], [ALL, idsOfFirst(3)]);
    });
  }

  it('that can not be read is told once, however often it comes', async () => {
    const collector = await listening(httpCollector(0, { reply: says('text/plain', 'thanks') }));
    const { push, lines, counts } = await pushing({ endpoint: collector.endpoint, protocol: 'http/protobuf' });

    for (let index = 0; index < 3; index++) {
      pass(push, 1, index);
      await until(() => counts()['traces sent'] === index + 1 && counts()['logs sent'] === 2 * index + 2);
    }

    assert.deepEqual(lines.map((line) => line.slice(0, 42)).toSorted(), [
      'OTLP logs arrive with a remark: its answer',
      'OTLP traces arrive with a remark: its answ',
    ]);
  });

  it('with a warning has it told, and costs nothing', async () => {
    const answer = () => ({ partialSuccess: { errorMessage: 'the quota is nearly used' } });
    const collector = await listening(grpcCollector({ answer }));
    const { push, lines, counts } = await pushing({ endpoint: collector.endpoint });

    pass(push, 3);
    await until(() => counts()['traces sent'] === 3 && counts()['logs sent'] === 6);

    assert.deepEqual(counts(), ALL);
    assert.deepEqual(lines.toSorted(), [
      'OTLP logs arrive with a remark: the quota is nearly used',
      'OTLP traces arrive with a remark: the quota is nearly used',
    ]);
  });
});

function httpPage() {
  return listening(httpCollector(0, { reply: says('text/html; charset=utf-8', PAGE) }));
}

function httpHangUp() {
  return listening(httpCollector(0, { reply: (_, response) => response.destroy() }));
}

/** Says well, begins a message of 100 bytes, and is gone. */
function cut(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc+proto' });
  stream.write(Buffer.from([0, 0, 0, 0, 100, 1]), () => stream.session?.destroy());
}
