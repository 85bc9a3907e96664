import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';

import { pino } from 'pino';
import { createHttpServer, EventStream } from '../../src/http/index.ts';
import { listening, QUIET } from '../http/culprit.ts';
import { until } from '../support/until.ts';
import { culprit } from './culprit.ts';
import { STORM } from './incident-answers.ts';

const TIME = new Date(2026, 8, 21, 13, 37, 1, 5).toISOString();
const OF = { time: TIME, workload: 'web.service', pid: 7, comm: 'api', exe: 'node' };

const newStream = (name = 'life') => new EventStream({ name, clientsMax: 2, eventsMax: 1_024 });

/** Streams as a person would, who interrupts after so many lines. */
function watch(url: string, lines: number, ...flags: string[]) {
  const stop = new AbortController();
  const written: string[] = [];
  const told: string[] = [];
  const outcome = culprit(['stream', '--url', url, ...flags], {
    stopping: () => stop.signal,
    stdout: {
      write(text: string) {
        written.push(text);
        if (written.length === lines) stop.abort();
      },
    },
    stderr: { write: (text: string) => told.push(text) },
  });
  return { written, told, outcome, stop };
}

describe('culprit stream', () => {
  it('prints a line for each event, of any kind', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome } = watch(url, 7);
    await until(() => stream.isHeard);

    stream.publish('fork', 'web.service', { kind: 'fork', ...OF, parentPid: 1, parentComm: 'sh' });
    stream.publish('exec', 'web.service', { kind: 'exec', ...OF });
    stream.publish('exit', 'web.service', {
      kind: 'exit',
      ...OF,
      reason: 'error',
      exitCode: 3,
      lifetimeSeconds: 1.5,
      cpuSeconds: 0.25,
    });
    stream.publish('exit', 'web.service', {
      kind: 'exit',
      ...OF,
      comm: '',
      reason: 'signal',
      signal: 9,
      lifetimeSeconds: 0.0002,
      cpuSeconds: 0,
    });
    stream.publish('long-wait', 'web.service', {
      kind: 'long-wait',
      ...OF,
      seconds: 0.312,
      behind: [{ offender: 'batch.service', pid: 9, name: 'convert' }],
    });
    stream.publish('storm', 'web.service', { kind: 'storm', ...OF, scope: 'parent', forks: 64, seconds: 1 });
    stream.publish('oom', 'web.service', { kind: 'oom', ...OF, comm: 'a\x1b[31m', anonymousBytes: 3 << 20 });

    assert.equal((await outcome).code, 0);
    assert.equal(
      written.join(''),
      `13:37:01.005  fork       web.service               api[7] from sh[1]
13:37:01.005  exec       web.service               api[7] runs node
13:37:01.005  exit       web.service               api[7] failed with 3 after 1.50 s, 250 ms of CPU
13:37:01.005  exit       web.service               pid 7 was ended by signal 9 after <1 ms, 0 ms of CPU
13:37:01.005  long-wait  web.service               api[7] waited 312 ms for a CPU behind batch.service (convert[9])
13:37:01.005  storm      web.service               api[7] forked 64 times in 1 s
13:37:01.005  oom        web.service               a [31m[7] was killed for want of memory, with 3 MiB of its own
`,
    );
  });

  it('tells what becomes of an incident, painted on a terminal', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome } = watch(url, 1, '--kinds', 'incident');
    await until(() => stream.isHeard);

    const of = { kind: 'incident', time: TIME, workload: 'batch.service' };
    stream.publish('incident', 'batch.service', { ...of, change: 'opened', incident: STORM });

    await outcome;
    assert.deepEqual(written, [
      '13:37:01.005  incident   batch.service             opened critical fork-storm c0ffee01: perl[8121] of batch.service: 600 forks/s at its worst, 12 times the limit of 50 forks/s.\n',
    ]);
  });

  it('gives a program an object a line, and only what it asked for', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome } = watch(url, 1, '--json', '--kinds', 'exec,oom', '--workload', 'db.service');
    await until(() => stream.isHeard);

    for (const workload of ['web.service', 'db.service'])
      for (const kind of ['fork', 'exec'] as const) stream.publish(kind, workload, { kind, workload });

    await outcome;
    assert.deepEqual(written, ['{"kind":"exec","workload":"db.service"}\n']);
  });

  it('waits for an exporter that goes away, and goes on behind what it has', async () => {
    const first = newStream();
    const { url, server, address } = await listening({ stream: first });
    const { written, told, outcome } = watch(url, 3, '--json');
    await until(() => first.isHeard);
    first.publish('fork', 'a', { kind: 'fork', pid: 1 });
    await until(() => written.length === 1);
    await server.close();
    const second = newStream('next life');

    const next = createHttpServer({ ...QUIET, stream: second }, pino({ level: 'silent' }));
    after(() => next.close());
    await next.listen(address);
    await until(() => second.isHeard);
    second.publish('fork', 'a', { kind: 'fork', pid: 2 });

    assert.equal((await outcome).code, 0);
    assert.deepEqual(
      written.map((line) => JSON.parse(line)),
      [
        { kind: 'fork', pid: 1 },
        { kind: 'lost', reason: 'unknown', events: null },
        { kind: 'fork', pid: 2 },
      ],
    );
    assert.deepEqual(
      [told.at(0), told.at(-1)],
      ['culprit stream: it ended the stream; waiting for it\n', 'culprit stream: it is back\n'],
    );
  });

  it('misses nothing when only the connection broke', async () => {
    const stream = newStream();
    const { url, server } = await listening({ stream });
    const broken = brokenAfter(url, 1);
    const { written, outcome } = watch(await broken.url, 4, '--json');
    await until(() => stream.isHeard);
    for (let pid = 1; pid <= 2; pid++) stream.publish('fork', 'a', { pid });
    await until(() => broken.breaks() === 1);
    for (let pid = 3; pid <= 4; pid++) stream.publish('fork', 'a', { pid });

    await outcome;
    await server.close();

    assert.deepEqual(
      written.map((line) => JSON.parse(line).pid),
      [1, 2, 3, 4],
    );
  });

  it('ends at once, and well, when it is interrupted while nothing happens', async () => {
    const stream = newStream();
    const { url } = await listening({ stream });
    const { written, outcome, stop } = watch(url, 1);
    await until(() => stream.isHeard);

    stop.abort();

    assert.deepEqual([(await outcome).code, written], [0, []]);
    await until(() => stream.reading().clients === 0);
  });

  it('says a loss in a sentence', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const data of ['{"reason":"slow","events":12}', '{"reason":"expired","events":null}'])
        response.write(`event: lost\ndata: ${data}\n\n`);
    });
    const { written, outcome } = watch(await open(server), 2);

    await outcome;

    assert.deepEqual(written, [
      '! 12 events of all kinds are missing here: they came faster than they were read.\n',
      '! Events are missing here: they are not kept any more.\n',
    ]);
  });

  it('fails in one sentence when nobody answers at first, or somebody else does, or it is full', async () => {
    const gone = createServer();
    const url = await open(gone);
    await new Promise((resolve) => gone.close(resolve));
    const other = await open(createServer((_, response) => response.end('hello')));
    const stream = new EventStream({ name: 'full', clientsMax: 0, eventsMax: 1_024 });
    const full = await listening({ stream });

    const outcomes = await Promise.all([url, other, full.url].map((each) => culprit(['stream', '--url', each])));

    assert.deepEqual(
      outcomes.map(({ code, out, err }) => [code, out, err]),
      [
        [
          1,
          '',
          `culprit stream: nobody answers at ${url}: ECONNREFUSED; start one with culprit run, or say with --url where it is\n`,
        ],
        [1, '', `culprit stream: ${other} answered 200: it is no Culprit, or one of another version\n`],
        [
          1,
          '',
          `culprit stream: ${full.url} answered 503: too many clients listen to the stream; end one of them, or raise stream.clients\n`,
        ],
      ],
    );
  });

  for (const [flags, problem] of [
    ['--kinds fork,exti', /^culprit stream: kinds: expected .*; got "exti"\nTry: /],
    ['--kind fork', /^culprit stream: unknown flag --kind; did you mean --kinds\?\nTry: /],
    ['--url nowhere', /^culprit stream: --url: expected a URL /],
  ] as const) {
    it(`calls it a wrong use: ${flags}`, async () => {
      const { url } = await listening();

      const { code, err } = await culprit([
        'stream',
        ...(flags.includes('url') ? [] : ['--url', url]),
        ...flags.split(' '),
      ]);

      assert.equal(code, 2);
      assert.match(err, problem);
    });
  }
});

/** A way to the exporter that breaks off each connection after so many events, once. */
function brokenAfter(url: string, events: number) {
  let breaks = 0;
  const server = createServer(async (request, response) => {
    const reply = await fetch(url + request.url, { headers: request.headers as Record<string, string> });
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' });
    let text = '';
    for await (const piece of reply.body!) {
      response.write(piece);
      text += Buffer.from(piece).toString();
      if (breaks > 0 || text.split('data:').length <= events) continue;
      breaks++;
      response.destroy();
      return;
    }
  });
  return { url: open(server), breaks: () => breaks };
}

async function open(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
