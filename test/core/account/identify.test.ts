import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identify } from '../../../src/core/account/identify.ts';

const ID = '4f0c3a1b2d5e'.padEnd(64, '0123456789abcdef');
const UID = '8e1f0c2a-1111-4222-8333-0123456789ab';
const UID_ = UID.replaceAll('-', '_');

const PATHS: readonly [path: string, name: string, kind: string, isWhole?: boolean, podUid?: string][] = [
  ['/', 'host', 'host'],
  [`/system.slice/docker-${ID}.scope`, 'docker:4f0c3a1b2d5e', 'container'],
  [`/docker/${ID}`, 'docker:4f0c3a1b2d5e', 'container'],
  [`/docker/${ID}/init`, 'docker:4f0c3a1b2d5e', 'container', false],
  [`/machine.slice/libpod-${ID}.scope`, 'podman:4f0c3a1b2d5e', 'container'],
  [`/machine.slice/libpod-${ID}.scope/container`, 'podman:4f0c3a1b2d5e', 'container', false],
  [`/libpod_parent/libpod-${ID}`, 'podman:4f0c3a1b2d5e', 'container'],
  [`/machine.slice/libpod-conmon-${ID}.scope`, `libpod-conmon-${ID}.scope`, 'unit'],
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`, 'podman:4f0c3a1b2d5e', 'container'],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    'containerd:4f0c3a1b2d5e',
    'container',
    true,
    UID,
  ],
  [`/kubepods.slice/kubepods-pod${UID_}.slice/crio-${ID}.scope`, 'cri-o:4f0c3a1b2d5e', 'container', true, UID],
  [`/kubepods/besteffort/pod${UID}/${ID}`, 'container:4f0c3a1b2d5e', 'container', true, UID],
  [`/kubepods/besteffort/pod${UID}`, `pod:${UID}`, 'pod', true, UID],
  [`/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice`, `pod:${UID}`, 'pod', true, UID],
  ['/kubepods.slice', 'kubepods.slice', 'slice'],
  ['/system.slice/nginx.service', 'nginx.service', 'unit'],
  ['/system.slice/nginx.service/workers', 'nginx.service', 'unit', false],
  ['/system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service', 'unit'],
  ['/user.slice/user-0.slice/session-3.scope', 'session-3.scope', 'unit'],
  ['/user.slice/user-0.slice/user@0.service/app.slice/a.service', 'a.service', 'unit'],
  ['/user.slice/user-0.slice', 'user-0.slice', 'slice'],
  ['/init.scope', 'init.scope', 'unit'],
  ['/my/own/tree', '/my/own/tree', 'cgroup'],
  [`/not/docker-${ID.slice(1)}.scope`, `docker-${ID.slice(1)}.scope`, 'unit'],
  ['/evil/"\n\u0000}', '/evil/"??}', 'cgroup'],
];

describe('a path of a cgroup', () => {
  for (const [path, name, kind, isWhole = true, podUid] of PATHS) {
    it(`is ${name} where it reads ${JSON.stringify(path).slice(0, 90)}`, () => {
      const identity = identify(path);

      assert.deepEqual(
        [identity.workload.name, identity.workload.kind, identity.isWhole, identity.workload.podUid],
        [name, kind, isWhole, podUid],
      );
    });
  }

  it('longer than any label is cut, and still not confused with another', () => {
    const [one, other] = ['a', 'b'].map((end) => identify(`/${'x'.repeat(300)}${end}`).workload.name);

    assert.deepEqual([one!.length, one === other], [120, false]);
  });
});
