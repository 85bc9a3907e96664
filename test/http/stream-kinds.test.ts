import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EventStream } from '../../src/http/index.ts';
import { until } from '../support/until.ts';
import { listening } from './culprit.ts';
import { listen } from './listener.ts';

async function streaming() {
  const stream = new EventStream({ name: 'life', clientsMax: 64, eventsMax: 1_024, lingerMs: 20 });
  const { url } = await listening({ stream });
  return { stream, all: `${url}/stream`, incidents: `${url}/stream?kinds=incident` };
}

const heardBy = (stream: EventStream) => ['fork', 'exit', 'incident'].filter((kind) => stream.hears(kind));

describe('a stream, of a kind that nobody listens for', () => {
  it('wants to hear nothing, be there who listens for others', async () => {
    const { stream, all, incidents } = await streaming();

    await listen(incidents);
    const quiet = heardBy(stream);
    const second = await listen(all);
    const whole = heardBy(stream);
    second.leave();
    await until(() => !stream.hears('fork'));

    assert.deepEqual([quiet, whole, heardBy(stream)], [['incident'], ['fork', 'exit', 'incident'], ['incident']]);
  });

  it('keeps nothing, and so gives it no number', async () => {
    const { stream, incidents } = await streaming();
    const listener = await listen(incidents);

    for (let pid = 1; pid <= 2_000; pid++) stream.publish('fork', 'a', { pid });
    stream.publish('incident', 'a', { change: 'opened' });

    assert.deepEqual(await listener.heard(1), [{ id: 'life-1', event: 'incident', data: '{"change":"opened"}' }]);
  });

  it('tells who comes back for it that some may be missing', async () => {
    const { stream, all, incidents } = await streaming();
    await listen(incidents);
    const first = await listen(all);
    stream.publish('fork', 'a', { pid: 1 });
    await first.heard(1);
    first.leave();
    await until(() => !stream.hears('fork'));
    stream.publish('fork', 'a', { pid: 2 });

    const second = await listen(all, { lastEventId: first.lastId() });
    stream.publish('fork', 'a', { pid: 3 });

    const told = (await second.heard(2)).map(({ event, data }) => [event, data]);
    assert.deepEqual(told, [
      ['lost', '{"reason":"expired","events":null}'],
      ['fork', '{"pid":3}'],
    ]);
  });

  it('tells nobody of a loss who never wanted it', async () => {
    const { stream, all, incidents } = await streaming();
    const stays = await listen(incidents);
    const first = await listen(incidents);
    stream.publish('incident', 'a', { change: 'opened' });
    await first.heard(1);
    first.leave();
    await listen(all);
    stream.publish('fork', 'a', { pid: 1 });
    stream.publish('incident', 'a', { change: 'resolved' });

    const second = await listen(incidents, { lastEventId: first.lastId() });

    const dataOf = (messages: readonly { readonly data: string }[]) => messages.map(({ data }) => data);
    assert.deepEqual(
      [dataOf(await second.heard(1)), dataOf(await stays.heard(2))],
      [['{"change":"resolved"}'], ['{"change":"opened"}', '{"change":"resolved"}']],
    );
  });
});
