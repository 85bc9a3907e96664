import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, describe, it } from 'node:test';
import { pino } from 'pino';
import { createHttpServer, EventStream } from '../../src/http/index.ts';
import { listening, QUIET } from '../http/culprit.ts';
import { until } from '../support/until.ts';
import { culprit } from './culprit.ts';
import { brokenAfter, newStream, open, watch } from './stream-watch.ts';

describe('the connection of culprit stream', () => {
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
