import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { request } from 'undici';

import { EventStream } from '../../src/http/index.ts';
import { until } from '../support/until.ts';
import { listening } from './culprit.ts';
import { listen } from './listener.ts';

async function streaming(options: Partial<ConstructorParameters<typeof EventStream>[0]> = {}) {
  const stream = new EventStream({ name: 'life', clientsMax: 64, eventsMax: 1_024, ...options });
  const { url } = await listening({ stream });
  let pid = 0;
  return {
    stream,
    url: `${url}/stream`,
    /** So many, of processes with one number after the other. */
    fork: (times = 1, workload = 'web.service') => {
      for (let time = 0; time < times; time++) stream.publish('fork', workload, { pid: ++pid });
    },
  };
}

const pidsOf = (messages: readonly { readonly data: string }[]) => messages.map(({ data }) => JSON.parse(data).pid);

describe('GET /stream', () => {
  it('tells events as they happen, each with its kind and id', async () => {
    const { url, stream } = await streaming();
    const listener = await listen(url);

    stream.publish('exit', 'web.service', { pid: 7, comm: 'naïve\nname' });
    stream.publish('fork', 'web.service', { pid: 8 });

    assert.deepEqual(await listener.heard(2), [
      { id: 'life-1', event: 'exit', data: '{"pid":7,"comm":"naïve\\nname"}' },
      { id: 'life-2', event: 'fork', data: '{"pid":8}' },
    ]);
    assert.deepEqual(
      [
        listener.response.statusCode,
        listener.response.headers['content-type'],
        listener.response.headers['cache-control'],
      ],
      [200, 'text/event-stream', 'no-store'],
    );
  });

  it('keeps nothing, and tells nothing of what was before, while nobody listens', async () => {
    const { url, stream, fork } = await streaming();

    fork(3);
    const wasHeard = stream.isHeard;
    const listener = await listen(url);
    fork();

    assert.deepEqual([wasHeard, stream.isHeard, pidsOf(await listener.heard(1))], [false, true, [4]]);
  });

  it('tells each client only the kinds and the workload that it asked for', async () => {
    const { url, stream } = await streaming();
    const [all, ends, web, both] = await Promise.all(
      ['', '?kinds=exit,oom', '?workload=web.service', '?kinds=fork&workload=db.service'].map((query) =>
        listen(url + query),
      ),
    );

    stream.publish('fork', 'web.service', { pid: 1 });
    stream.publish('exit', 'web.service', { pid: 2 });
    stream.publish('oom', 'db.service', { pid: 3 });
    stream.publish('fork', 'db.service', { pid: 4 });

    const heard = [await all!.heard(4), await ends!.heard(2), await web!.heard(2), await both!.heard(1)];
    assert.deepEqual(heard.map(pidsOf), [[1, 2, 3, 4], [2, 3], [1, 2], [4]]);
  });

  it('tells who asks for a workload of incidents that it suffers from', async () => {
    const { url, stream } = await streaming();
    const [victim, other] = await Promise.all(
      ['web.service', 'db.service'].map((name) => listen(`${url}?workload=${name}`)),
    );

    stream.publish('incident', 'batch.service', { id: 1 }, 'web.service');
    stream.publish('incident', 'db.service', { id: 2 });

    const heard = [await victim!.heard(1), await other!.heard(1)];
    assert.deepEqual(
      heard.map((messages) => messages.map(({ data }) => data)),
      [['{"id":1}'], ['{"id":2}']],
    );
  });

  for (const [query, error] of [
    ['?kinds=fork,exti', /^kinds: expected fork or exec or .*; got "exti"$/],
    ['?kind=fork', /^unknown parameter "kind"; expected one of kinds, workload$/],
    ['?workload=a&workload=b', /^workload: expected one value; got 2$/],
  ] as const) {
    it(`says what is wrong with ${query}, and does not listen`, async () => {
      const { url, stream } = await streaming();

      const { statusCode, body } = await request(url + query);

      assert.deepEqual([statusCode, stream.isHeard], [400, false]);
      assert.match(((await body.json()) as { error: string }).error, error);
    });
  }

  it('is not for web pages of others', async () => {
    const { url, stream } = await streaming();

    const { statusCode } = await request(url, { headers: { origin: 'http://evil.example' } });

    assert.deepEqual([statusCode, stream.isHeard], [403, false]);
  });

  it('tells a HEAD how it would answer, and ends', async () => {
    const { url, stream } = await streaming();

    const { statusCode, headers } = await request(url, { method: 'HEAD' });

    assert.deepEqual([statusCode, headers['content-type'], stream.isHeard], [200, 'text/event-stream', false]);
  });

  it('shows in between that it lives, and where a client that filters is', async () => {
    const { url, fork } = await streaming({ heartbeatMs: 20 });
    const listener = await listen(`${url}?kinds=oom`);
    await listen(url);

    fork(5);
    // The first place is that of the others, who listen for more.
    await until(() => listener.lastId() === 'life-6');

    assert.deepEqual(listener.messages, []);
  });

  it('ends for all when the server does', async () => {
    const { url, stream } = await streaming();
    const listener = await listen(url);

    stream.close();
    await listener.closed;

    assert.deepEqual([stream.isHeard, stream.reading().clients], [false, 0]);
  });
});

describe('a client that comes back', () => {
  it('gets what it missed, and that once', async () => {
    const { url, fork } = await streaming();
    const first = await listen(url);
    fork(3);
    await first.heard(3);
    first.leave();
    fork(4);

    const second = await listen(url, { lastEventId: first.lastId() });
    fork();

    assert.deepEqual(pidsOf(await second.heard(5)), [4, 5, 6, 7, 8]);
  });

  it('is told that and how many are gone when its id is too old', async () => {
    const { url, fork, stream } = await streaming();
    const first = await listen(url);
    fork(3);
    await first.heard(3);
    first.leave();
    fork(2_000);

    const second = await listen(url, { lastEventId: first.lastId() });
    const [notice, ...rest] = await second.heard(1 + 1_024);

    assert.deepEqual(notice, { id: 'life-979', event: 'lost', data: '{"reason":"expired","events":976}' });
    assert.deepEqual([rest.length, rest[0]!.id, stream.reading().lost], [1_024, 'life-980', 976]);
  });

  it('is told that some may be gone when nobody listened for long meanwhile', async () => {
    const { url, fork, stream } = await streaming({ lingerMs: 20 });
    const first = await listen(url);
    fork(3);
    await first.heard(3);
    first.leave();
    await until(() => !stream.isHeard);
    fork(5);

    const second = await listen(url, { lastEventId: first.lastId() });
    fork();

    const [notice, next] = await second.heard(2);
    assert.deepEqual([notice!.event, notice!.data], ['lost', '{"reason":"expired","events":null}']);
    assert.equal(JSON.parse(next!.data).pid, 9);
  });

  it('still gets the incidents of what is gone', async () => {
    const { url, fork, stream } = await streaming();
    await listen(url);
    const first = await listen(`${url}?kinds=incident`);
    stream.publish('incident', 'web.service', { change: 'opened' });
    await first.heard(1);
    first.leave();
    stream.publish('incident', 'web.service', { change: 'peaked' });
    fork(2_000);
    stream.publish('incident', 'web.service', { change: 'resolved' });

    const second = await listen(`${url}?kinds=incident`, { lastEventId: first.lastId() });

    assert.deepEqual(await second.heard(3), [
      { id: 'life-2', event: 'incident', data: '{"change":"peaked"}' },
      { id: 'life-979', event: 'lost', data: '{"reason":"expired","events":977}' },
      { id: 'life-2003', event: 'incident', data: '{"change":"resolved"}' },
    ]);
  });

  for (const id of ['former-3', 'life-99', 'life--1', 'life-1e0', 'nonsense', '']) {
    it(`is ${id === '' ? 'new without an id' : `told so when its id is ${id}, which is not of this exporter`}`, async () => {
      const { url, fork } = await streaming();
      const listener = await listen(url, { lastEventId: id });

      fork();

      const [first] = await listener.heard(1);
      assert.equal(first!.event, id === '' ? 'fork' : 'lost');
      if (id !== '') assert.equal(first!.data, '{"reason":"unknown","events":null}');
    });
  }
});

describe('too many clients', () => {
  it('are told to come later, and counted; there is room again when one has left', async () => {
    const { url, stream } = await streaming({ clientsMax: 2 });
    const [one] = await Promise.all([listen(url), listen(url)]);

    const third = await request(url);
    one!.leave();
    await until(() => stream.reading().clients === 1);
    const fourth = await listen(url);

    assert.deepEqual([third.statusCode, third.headers['retry-after']], [503, '5']);
    assert.match(((await third.body.json()) as { error: string }).error, /raise stream\.clients$/);
    assert.deepEqual([fourth.response.statusCode, stream.reading().refused, stream.reading().clients], [200, 1, 2]);
  });
});
