import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { after } from '../support/engine.ts';
import { page, sum } from '../support/page.ts';
import { API, ID, made, named, OTHER_ID, POD_PATH, ran, UID } from './named.ts';

describe('a container of a pod', () => {
  const path = `${POD_PATH}/cri-containerd-${ID}.scope`;

  it('is called after namespace, pod and itself', () => {
    const { accounts } = after(made(100, path), ran(100, 7), named(ID, 'api', API));

    assert.deepEqual(page(accounts.groups, 'execs'), {
      'nginx payments/api-0/api container payments api-0 api': { execs: 1 },
    });
  });

  it('names its pod, and so does the sandbox, which is a part of it', () => {
    const { accounts } = after(
      made(50, POD_PATH),
      made(100, path),
      made(101, `${POD_PATH}/cri-containerd-${OTHER_ID}.scope`),
      ran(50, 6),
      ran(101, 7),
      named(ID, 'api', API),
      named(OTHER_ID, '', API),
    );

    assert.deepEqual(page(accounts.groups, 'execs'), { 'nginx payments/api-0 pod payments api-0': { execs: 2 } });
  });

  it('tells its owner, its image and the labels that were asked for in its row of information', () => {
    const { accounts } = after(
      { options: { podLabels: ['team', 'tier'] } },
      made(100, path),
      ran(100, 7),
      named(ID, 'api', {
        ...API,
        ownerKind: 'StatefulSet',
        ownerName: 'api',
        labels: [{ name: 'tier', value: 'gold' }],
      }),
    );
    const labelled = { 'k8s.statefulset.name': 'api', 'container.image.name': 'api:1', 'k8s.pod.label.tier': 'gold' };

    assert.equal(sum(accounts.workloadInfo, ['info'], labelled), 1);
  });

  it('is run by whom its engine says it is, where its path does not tell, and by no other where it does', () => {
    const { accounts } = after(
      made(100, path),
      made(101, `/kubepods/burstable/pod${UID}/${OTHER_ID}`),
      ran(100, 7),
      ran(101, 8),
      named(ID, 'api', { ...API, engine: 'cri-o' }),
      named(OTHER_ID, 'web', { ...API, engine: 'cri-o' }),
    );
    const engine = (id: string, name: string) =>
      sum(accounts.workloadInfo, ['info'], { 'container.id': id, 'container.runtime.name': name });

    assert.deepEqual([engine(ID, 'containerd'), engine(OTHER_ID, 'cri-o')], [1, 1]);
  });

  it('is closed with its row of information', () => {
    const { accounts } = after(
      { options: { retentionMs: 1_000 } },
      made(100, path),
      ran(100, 7),
      named(ID, 'api', API),
      { kind: 'snapshot-begin', at: 10_000 },
      { kind: 'snapshot-end', at: 10_000 },
      { kind: 'tick', at: 20_000 },
    );

    assert.deepEqual([accounts.workloads.size, accounts.workloadInfo.size], [0, 0]);
  });
});
