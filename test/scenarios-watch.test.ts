import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Watch } from '../scenarios/stage/watch.ts';
import { EventStream } from '../src/http/index.ts';
import { STORM } from './cli/incident-answers.ts';
import { listening } from './http/culprit.ts';
import { until } from './support/until.ts';

/** A watch of the real stream, and of an exporter that knew these incidents before. */
async function watching(t: TestContext, ...before: readonly object[]) {
  const stream = new EventStream({ name: 'life', clientsMax: 4, eventsMax: 1_024 });
  const { url, server } = await listening({ stream });
  const watch = await Watch.follow({
    url,
    json: async () => ({ incidents: before }),
    scrape: async () => [{ name: 'culprit_stream_clients', labels: {}, value: stream.reading().clients }],
  });
  t.after(() => watch.end());
  const tell = (change: string, incident: object) =>
    stream.publish('incident', 'batch.service', { kind: 'incident', change, incident });
  const known = () => watch.all().map(({ incident: { id, state } }) => `${id.slice(-8)} ${state}`);
  return { stream, server, watch, tell, known };
}

describe('the watch over a scenario', () => {
  it('hears of an incident when it is told, and what becomes of it under the time of the first', async (t) => {
    const { watch, tell, known } = await watching(t);
    const from = Date.now();

    tell('opened', STORM);
    const [opened] = await until(() => watch.all().length > 0 && watch.all());
    const heardAt = Date.now();
    tell('resolved', { ...STORM, state: 'resolved' });
    await until(() => known()[0] === 'c0ffee01 resolved');

    assert.ok(from <= opened!.seenAt && opened!.seenAt <= heardAt);
    assert.deepEqual([watch.all().map(({ seenAt }) => seenAt), watch.failure], [[opened!.seenAt], undefined]);
  });

  it('knows what was there before it, and listens for nothing else', async (t) => {
    const { stream, known } = await watching(t, STORM);

    assert.deepEqual([known(), stream.hears('incident'), stream.hears('fork')], [['c0ffee01 open'], true, false]);
  });

  it('fails when the exporter goes away, and is silent about it when it was ended itself', async (t) => {
    const [gone, ended] = [await watching(t), await watching(t)];

    await ended.watch.end();
    await ended.server.close();
    await gone.server.close();
    await until(() => gone.watch.failure !== undefined);

    assert.match(gone.watch.failure!, /^the exporter is not heard: /);
    assert.equal(ended.watch.failure, undefined);
  });
});
