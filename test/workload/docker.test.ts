import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkloadNames } from '../../src/core/model/names.ts';
import { DockerSource } from '../../src/workload/docker.ts';
import { until } from '../support/until.ts';
import { serve } from './socket.ts';

const ID = '4f0c3a1b2d5e'.padEnd(64, '0');
const POD = {
  'io.kubernetes.pod.name': 'api-0',
  'io.kubernetes.pod.namespace': 'payments',
  'io.kubernetes.pod.uid': '8e1f0c2a-1111-4222-8333-0123456789ab',
};
const SIGNAL = new AbortController().signal;

function listed(more: object = {}): object {
  return {
    Id: ID,
    Names: ['/web/resizer', '/resizer'],
    Image: 'resizer:1',
    Labels: { team: 'media', x: 'y' },
    ...more,
  };
}

async function lookUp(answer: unknown, labels: readonly string[] = []): Promise<readonly WorkloadNames[]> {
  await using engine = await serve((_, reply) => reply.end(JSON.stringify(answer)));
  const source = new DockerSource(engine.path, labels);
  try {
    return await source.lookUp([ID], SIGNAL);
  } finally {
    await source.close();
  }
}

describe("an engine that speaks Docker's protocol", () => {
  it('is asked for the containers that are wanted, and for no others', async () => {
    const asked: string[] = [];
    await using engine = await serve(({ url = '' }, reply) => {
      asked.push(...JSON.parse(new URL(url, 'http://x').searchParams.get('filters') ?? '').id);
      reply.end('[]');
    });
    const source = new DockerSource(engine.path, []);
    const ids = Array.from({ length: 150 }, (_, index) => index.toString(16).padStart(64, '0'));

    const found = await source.lookUp(ids, SIGNAL);
    await source.close();

    assert.deepEqual([found, asked], [[], ids]);
  });

  it('tells name and image, not the names that links give it, and the labels that are wanted', async () => {
    const [names] = await lookUp([listed()], ['team', 'tier']);

    assert.deepEqual(names, {
      containerId: ID,
      container: 'resizer',
      image: 'resizer:1',
      engine: '',
      podUid: '',
      pod: '',
      namespace: '',
      ownerKind: '',
      ownerName: '',
      labels: [{ name: 'team', value: 'media' }],
    });
  });

  it('tells the pod, where a kubelet started it', async () => {
    const labels = { ...POD, 'io.kubernetes.container.name': 'api' };

    const [names] = await lookUp([listed({ Labels: labels })]);

    assert.deepEqual([names?.namespace, names?.pod, names?.container], ['payments', 'api-0', 'api']);
  });

  it('tells of a sandbox only the pod', async () => {
    const [names] = await lookUp([listed({ Labels: { ...POD, 'io.kubernetes.container.name': 'POD' } })]);

    assert.deepEqual([names?.pod, names?.container], ['api-0', '']);
  });

  for (const [what, answer] of [
    ['no list', { message: 'no' }],
    ['no objects', [1, null, 'a', []]],
    ['no ids', [listed({ Id: '../../etc' }), listed({ Id: 7 })]],
    ['no names', [listed({ Names: null }), listed({ Names: [] })]],
  ] as const) {
    it(`that answers with ${what} tells nothing`, async () => {
      assert.deepEqual(await lookUp(answer), []);
    });
  }

  it('that answers what is no JSON, or with a failure, is a failure that says so', async () => {
    await using garbage = await serve((_, reply) => reply.end('<html>'));
    await using failing = await serve((_, reply) => reply.writeHead(500).end('oops'));
    const sources = [new DockerSource(garbage.path, []), new DockerSource(failing.path, [])];

    await assert.rejects(sources[0]!.lookUp([ID], SIGNAL), SyntaxError);
    await assert.rejects(sources[1]!.lookUp([ID], SIGNAL), /GET \/containers\/json answered 500/);

    await Promise.all(sources.map((source) => source.close()));
  });

  it('that tells everything, whatever it is asked, is heard to a limit', async () => {
    const all = JSON.stringify(Array.from({ length: 10_000 }, () => listed({ Labels: { huge: 'x'.repeat(2_000) } })));
    await using engine = await serve((_, reply) => reply.end(all));
    const source = new DockerSource(engine.path, []);

    await assert.rejects(source.lookUp([ID], SIGNAL), /answered more than 16777216 bytes/);

    await source.close();
  });

  it('that does not answer is given up when we say so', async () => {
    await using engine = await serve(() => {});
    const source = new DockerSource(engine.path, []);

    await assert.rejects(source.lookUp([ID], AbortSignal.timeout(50)), { name: 'TimeoutError' });

    await source.close();
  });

  it('tells by itself what is created, and asked again, what happened meanwhile', async () => {
    const event = { Type: 'container', Action: 'create', time: 1_700_000_000 };
    const line = JSON.stringify({ ...event, Actor: { ID, Attributes: { name: 'resizer', image: 'resizer:1' } } });
    const since: (string | null)[] = [];
    await using engine = await serve(({ url = '' }, reply) => {
      since.push(new URL(url, 'http://x').searchParams.get('since'));
      reply.write(`${line.slice(0, 40)}`);
      setImmediate(() => reply.end(`${line.slice(40)}\n\n`));
    });
    const source = new DockerSource(engine.path, []);
    const named: string[] = [];
    let opened = 0;
    const listen = () =>
      source.listen({ named: ({ container }) => named.push(container), heard: () => {} }, () => opened++, SIGNAL);

    await listen();
    await listen();
    await source.close();

    assert.deepEqual([named, since, opened], [['resizer', 'resizer'], [null, '1700000000'], 2]);
  });

  it('ends to be listened to when we close', async () => {
    await using engine = await serve((_, reply) => reply.flushHeaders());
    const source = new DockerSource(engine.path, []);
    const ended = new AbortController();
    let isOpen = false;
    const listening = source.listen({ named: () => {}, heard: () => {} }, () => (isOpen = true), ended.signal);
    await until(() => isOpen);

    ended.abort();

    await assert.rejects(listening, { name: 'AbortError' });
    await source.close();
  });
});
