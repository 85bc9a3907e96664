import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { readFields } from '../../src/workload/cri/protobuf.ts';
import { CriSource } from '../../src/workload/cri/source.ts';
import { until } from '../support/until.ts';
import { serveCri } from './cri.ts';

const ID = '4f0c3a1b2d5e'.padEnd(64, '0');
const SANDBOX = '77aa77aa77aa'.padEnd(64, '0');
const UID = '8e1f0c2a-1111-4222-8333-0123456789ab';
const KUBERNETES = {
  'io.kubernetes.pod.name': 'api-6d4cf56db6-x7k2p',
  'io.kubernetes.pod.namespace': 'payments',
  'io.kubernetes.pod.uid': UID,
};
const CONTAINER = {
  id: ID,
  pod_sandbox_id: SANDBOX,
  metadata: { name: 'api', attempt: 3 },
  image: { image: `sha256:${'0'.repeat(64)}`, user_specified_image: 'api:1' },
  image_ref: `sha256:${'0'.repeat(64)}`,
  state: 1,
  created_at: 1_700_000_000_000_000_000,
  labels: { ...KUBERNETES, 'io.kubernetes.container.name': 'api' },
};
const POD = {
  id: SANDBOX,
  metadata: { name: 'api-6d4cf56db6-x7k2p', uid: UID, namespace: 'payments', attempt: 300 },
  state: 0,
  labels: { ...KUBERNETES, team: 'money', 'pod-template-hash': '6d4cf56db6' },
};
const SIGNAL = new AbortController().signal;

interface Call {
  readonly request: { readonly filter: { readonly id: string } };
}
type Reply = (error: object | null, answer?: object) => void;

/** A runtime with one pod and a container in it. */
function methods(container: object = CONTAINER, more: object = {}) {
  const only = (id: string, of: { readonly id?: string }) => (of.id === id ? [of] : []);
  return {
    Version: (_: Call, reply: Reply) => reply(null, { version: '0.1.0', runtime_name: 'containerd' }),
    ListContainers: ({ request }: Call, reply: Reply) =>
      reply(null, { containers: only(request.filter.id, container) }),
    ListPodSandbox: ({ request }: Call, reply: Reply) => reply(null, { items: only(request.filter.id, POD) }),
    ...more,
  };
}

async function lookUp(id: string, runtime = methods()) {
  await using server = await serveCri(runtime);
  const source = new CriSource(server.path, ['team']);
  try {
    return await source.lookUp([id], SIGNAL);
  } finally {
    await source.close();
  }
}

describe('a runtime of Kubernetes', () => {
  it('tells the names of a container and its pod, its image, its owner and the labels that are wanted', async () => {
    assert.deepEqual(await lookUp(ID), [
      {
        containerId: ID,
        container: 'api',
        image: 'api:1',
        engine: 'containerd',
        podUid: UID,
        pod: 'api-6d4cf56db6-x7k2p',
        namespace: 'payments',
        ownerKind: 'Deployment',
        ownerName: 'api',
        labels: [{ name: 'team', value: 'money' }],
      },
    ]);
  });

  it('tells of a sandbox only the pod', async () => {
    const [names] = await lookUp(SANDBOX);

    assert.deepEqual([names?.containerId, names?.container, names?.pod], [SANDBOX, '', 'api-6d4cf56db6-x7k2p']);
  });

  it('is asked once more for the image, where the list has only its digest', async () => {
    const image = { image: `sha256:${'0'.repeat(64)}` };
    const ContainerStatus = (_: Call, reply: Reply) =>
      reply(null, { status: { id: ID, image: { image: 'docker.io/api:1' } } });

    const [names] = await lookUp(ID, methods({ ...CONTAINER, image }, { ContainerStatus }));

    assert.equal(names?.image, 'docker.io/api:1');
  });

  it('tells the pod of a container that no kubelet started', async () => {
    const [names] = await lookUp(ID, methods({ ...CONTAINER, labels: {} }));

    assert.deepEqual([names?.namespace, names?.pod, names?.container], ['payments', 'api-6d4cf56db6-x7k2p', 'api']);
  });

  it('tells names, though it does not tell what it is called', async () => {
    const Version = (_: Call, reply: Reply) => reply({ code: status.UNIMPLEMENTED });

    const [names] = await lookUp(ID, methods(CONTAINER, { Version }));

    assert.deepEqual([names?.engine, names?.container], ['', 'api']);
  });

  it('tells nothing of what it does not know', async () => {
    assert.deepEqual(await lookUp('f'.repeat(64)), []);
  });

  it('that refuses is a failure that says so', async () => {
    const ListContainers = (_: Call, reply: Reply) => reply({ code: status.PERMISSION_DENIED, details: 'not you' });

    await assert.rejects(lookUp(ID, methods(CONTAINER, { ListContainers })), /PERMISSION_DENIED: not you/);
  });

  it('that does not answer is given up when we say so', async () => {
    await using server = await serveCri(methods(CONTAINER, { ListContainers: () => {} }));
    const source = new CriSource(server.path, []);

    await assert.rejects(source.lookUp([ID], AbortSignal.timeout(50)), /CANCELLED/);

    await source.close();
  });

  it('that is not there is a failure', async () => {
    const source = new CriSource('/nowhere/cri.sock', []);

    await assert.rejects(source.lookUp([ID], SIGNAL), /UNAVAILABLE/);

    await source.close();
  });

  it('that has no events is not listened to', async () => {
    await using server = await serveCri(methods());
    const source = new CriSource(server.path, []);

    assert.equal(await source.listen({ named: () => {}, heard: () => {} }, () => {}, SIGNAL), false);

    await source.close();
  });

  it('that has, tells whom to ask for, until we close', async () => {
    const GetContainerEvents = (call: { write(event: object): void }) =>
      call.write({ container_id: ID, created_at: 7 });
    await using server = await serveCri(methods(CONTAINER, { GetContainerEvents }));
    const source = new CriSource(server.path, []);
    const ended = new AbortController();
    const heard: string[] = [];
    const listening = source.listen({ named: () => {}, heard: (id) => heard.push(id) }, () => {}, ended.signal);
    await until(() => heard.length > 0);

    ended.abort();

    await assert.rejects(listening, /CANCELLED/);
    assert.deepEqual(heard, [ID]);
    await source.close();
  });
});

describe('bytes that are no message', () => {
  for (const [what, bytes] of [
    ['a length beyond the end', [0x0a, 5, 1]],
    ['a number without an end', [0x08, 0xff, 0xff]],
    ['a group, which nobody has sent for years', [0x0b]],
    ['half a number', [0x09, 1, 2]],
  ] as const) {
    it(`are refused: ${what}`, () => {
      assert.throws(() => readFields(Uint8Array.from(bytes)), /no message/);
    });
  }
});
