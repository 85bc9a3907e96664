import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { KubeletSource } from '../../src/workload/kubelet.ts';
import { scratch } from '../support/scratch.ts';

const [INIT, API, DEBUG] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const SIGNAL = new AbortController().signal;
const POD = {
  metadata: {
    name: 'api-6d4cf56db6-x7k2p',
    namespace: 'payments',
    uid: '8e1f0c2a-1111-4222-8333-0123456789ab',
    labels: { 'pod-template-hash': '6d4cf56db6', tier: 'gold' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'api-6d4cf56db6', controller: true }],
  },
  status: {
    initContainerStatuses: [{ name: 'migrate', containerID: `containerd://${INIT}`, image: 'migrate:1' }],
    containerStatuses: [{ name: 'api', containerID: `cri-o://${API}`, image: 'api:1' }, { name: 'waiting' }],
    ephemeralContainerStatuses: [{ name: 'debug', containerID: `docker://${DEBUG}`, image: 'busybox' }],
  },
};

async function asking<Found>(
  answer: RequestListener,
  ask: (source: KubeletSource, tokenFile: string) => Promise<Found>,
) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tokenFile = join(scratch, `token-${(server.address() as AddressInfo).port}`);
  writeFileSync(tokenFile, 'first\n');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = new KubeletSource({ url, tokenFile, caFile: '' }, ['tier']);
  try {
    return await ask(source, tokenFile);
  } finally {
    await source.close();
    server.closeAllConnections();
    server.close();
  }
}

const pods: RequestListener = (_, reply) => reply.end(JSON.stringify({ items: [POD, { status: 'odd' }, null] }));

describe('the kubelet', () => {
  it('names init containers, containers and those of a debugger, but only whom we ask for', async () => {
    const found = await asking(pods, (source) => source.lookUp([INIT, API, DEBUG, 'f'.repeat(64)], SIGNAL));
    const one = await asking(pods, (source) => source.lookUp([API], SIGNAL));

    assert.deepEqual(
      found.map(({ container }) => container),
      ['migrate', 'api', 'debug'],
    );
    assert.deepEqual(one, [
      {
        containerId: API,
        container: 'api',
        image: 'api:1',
        engine: 'cri-o',
        podUid: '8e1f0c2a-1111-4222-8333-0123456789ab',
        pod: 'api-6d4cf56db6-x7k2p',
        namespace: 'payments',
        ownerKind: 'Deployment',
        ownerName: 'api',
        labels: [{ name: 'tier', value: 'gold' }],
      },
    ]);
  });

  it('is shown the token of now, for tokens are changed', async () => {
    const shown: (string | undefined)[] = [];
    const note: RequestListener = ({ headers }, reply) => {
      shown.push(headers.authorization);
      reply.end('{}');
    };

    await asking(note, async (source, tokenFile) => {
      await source.lookUp([API], SIGNAL);
      writeFileSync(tokenFile, 'second\n');
      await source.lookUp([API], SIGNAL);
    });

    assert.deepEqual(shown, ['Bearer first', 'Bearer second']);
  });

  it('that refuses us is a failure that says so', async () => {
    const refuse: RequestListener = (_, reply) => reply.writeHead(401).end('Unauthorized');

    await assert.rejects(
      asking(refuse, (source) => source.lookUp([API], SIGNAL)),
      /GET \/pods answered 401/,
    );
  });
});
