import type { WorkloadKind } from '../../../../src/core/model/workload.ts';

interface More {
  /** Default true. */
  readonly isWhole?: boolean;
  readonly podUid?: string;
  readonly engine?: string;
}

/** As hosts have them; ids apart. */
type Row = readonly [path: string, name: string, kind: WorkloadKind, more?: More];

const ID = '4f0c3a1b2d5e'.padEnd(64, '0123456789abcdef');
const OUTER = '99887766aabb'.padEnd(64, '0123456789abcdef');
const UID = '8e1f0c2a-1111-4222-8333-0123456789ab';
const UID_ = UID.replaceAll('-', '_');
const STATIC = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const USERS = '/user.slice/user-1000.slice/user@1000.service';
const BURSTABLE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID_}.slice`;
const ALLOCATION = '6a2d7f11-0b3c-4d5e-8f90-123456789abc';

const docker = { engine: 'docker' };
const podman = { engine: 'podman' };
const containerd = { engine: 'containerd' };
const crio = { engine: 'cri-o' };
const somebody = { engine: 'container' };
const part = { isWhole: false };
const pod = { podUid: UID };

export const CONTAINERS: readonly Row[] = [
  // Docker: systemd's driver, cgroupfs, a parent of one's own, rootless, in Amazon's tasks, while it builds.
  [`/system.slice/docker-${ID}.scope`, 'docker:4f0c3a1b2d5e', 'container', docker],
  [`/system.slice/docker-${ID}.scope/init`, 'docker:4f0c3a1b2d5e', 'container', { ...docker, ...part }],
  [`/docker/${ID}`, 'docker:4f0c3a1b2d5e', 'container', docker],
  [`/docker/${ID}/system.slice/nginx.service`, 'docker:4f0c3a1b2d5e', 'container', { ...docker, ...part }],
  [`/batch.slice/docker-${ID}.scope`, 'docker:4f0c3a1b2d5e', 'container', docker],
  [`/batch/${ID}`, 'container:4f0c3a1b2d5e', 'container', somebody],
  [`/constructor/${ID}`, 'container:4f0c3a1b2d5e', 'container', somebody],
  [`${USERS}/user.slice/docker-${ID}.scope`, 'docker@1000:4f0c3a1b2d5e', 'container', { engine: 'docker@1000' }],
  [`/ecs/2f3e4d5c/${ID}`, 'docker:4f0c3a1b2d5e', 'container', docker],
  [`/ecstasks.slice/ecstasks-2f3e4d5c.slice/docker-${ID}.scope`, 'docker:4f0c3a1b2d5e', 'container', docker],
  ['/docker/buildkit/k1xq2w3e4r5t6y7u8i9o0pazs', 'buildkit', 'unit'],
  ['/system.slice/docker.service/buildkit/k1xq2w3e4r5t6y7u8i9o0pazs', 'buildkit', 'unit'],
  // Podman: both drivers, as root and not, in pods, sharing a unit, and who watches.
  [`/machine.slice/libpod-${ID}.scope`, 'podman:4f0c3a1b2d5e', 'container', podman],
  [`/machine.slice/libpod-${ID}.scope/container`, 'podman:4f0c3a1b2d5e', 'container', { ...podman, ...part }],
  [`/libpod_parent/libpod-${ID}`, 'podman:4f0c3a1b2d5e', 'container', podman],
  [`/libpod_parent/${OUTER}/libpod-${ID}`, 'podman:4f0c3a1b2d5e', 'container', podman],
  [`/machine.slice/machine-libpod_pod_${OUTER}.slice/libpod-${ID}.scope`, 'podman:4f0c3a1b2d5e', 'container', podman],
  [`/system.slice/web.service/libpod-payload-${ID}`, 'podman:4f0c3a1b2d5e', 'container', podman],
  [`${USERS}/user.slice/libpod-${ID}.scope`, 'podman@1000:4f0c3a1b2d5e', 'container', { engine: 'podman@1000' }],
  [
    `${USERS}/user.slice/user-libpod_pod_${OUTER}.slice/libpod-${ID}.scope/container`,
    'podman@1000:4f0c3a1b2d5e',
    'container',
    { engine: 'podman@1000', ...part },
  ],
  [
    `${USERS}/app.slice/web.service/libpod-payload-${ID}`,
    'podman@1000:4f0c3a1b2d5e',
    'container',
    { engine: 'podman@1000' },
  ],
  [`/user.slice/user-0.slice/user@0.service/user.slice/libpod-${ID}.scope`, 'podman:4f0c3a1b2d5e', 'container', podman],
  [`/machine.slice/libpod-conmon-${ID}.scope`, 'libpod-conmon', 'unit'],
  [`${USERS}/user.slice/libpod-conmon-${ID}.scope`, 'libpod-conmon', 'unit'],
  ['/libpod_parent/conmon', 'libpod-conmon', 'unit'],
  // containerd: as Kubernetes drives it, by hand, and with the names of the one driver below the other.
  [`${BURSTABLE}/cri-containerd-${ID}.scope`, 'containerd:4f0c3a1b2d5e', 'container', { ...containerd, ...pod }],
  [
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    'containerd:4f0c3a1b2d5e',
    'container',
    { ...containerd, ...pod },
  ],
  [
    `/kubepods.slice/kubepods-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    'containerd:4f0c3a1b2d5e',
    'container',
    { ...containerd, ...pod },
  ],
  [`/kubepods/burstable/pod${UID}/${ID}`, 'container:4f0c3a1b2d5e', 'container', { ...somebody, ...pod }],
  [`/kubepods/besteffort/pod${UID}/${ID}`, 'container:4f0c3a1b2d5e', 'container', { ...somebody, ...pod }],
  [`/kubepods/pod${UID}/${ID}`, 'container:4f0c3a1b2d5e', 'container', { ...somebody, ...pod }],
  [`/kubepods/burstable/pod${STATIC}/${ID}`, 'container:4f0c3a1b2d5e', 'container', { ...somebody, podUid: STATIC }],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${STATIC}.slice/cri-containerd-${ID}.scope`,
    'containerd:4f0c3a1b2d5e',
    'container',
    { ...containerd, podUid: STATIC },
  ],
  [
    `/system.slice/containerd.service/kubepods-burstable-pod${UID_}.slice:cri-containerd:${ID}`,
    'containerd:4f0c3a1b2d5e',
    'container',
    containerd,
  ],
  [`/system.slice/nerdctl-${ID}.scope`, 'containerd:4f0c3a1b2d5e', 'container', containerd],
  [`/default/${ID}`, 'containerd:4f0c3a1b2d5e', 'container', containerd],
  [`/k8s.io/${ID}`, 'containerd:4f0c3a1b2d5e', 'container', containerd],
  [`/moby/${ID}`, 'docker:4f0c3a1b2d5e', 'container', docker],
  [`${BURSTABLE}/docker-${ID}.scope`, 'docker:4f0c3a1b2d5e', 'container', { ...docker, ...pod }],
  // CRI-O.
  [`${BURSTABLE}/crio-${ID}.scope`, 'cri-o:4f0c3a1b2d5e', 'container', { ...crio, ...pod }],
  [`${BURSTABLE}/crio-${ID}.scope/container`, 'cri-o:4f0c3a1b2d5e', 'container', { ...crio, ...pod, ...part }],
  [`/kubepods/burstable/pod${UID}/crio-${ID}`, 'cri-o:4f0c3a1b2d5e', 'container', { ...crio, ...pod }],
  [`${BURSTABLE}/crio-conmon-${ID}.scope`, 'crio-conmon', 'unit', pod],
  [`/kubepods/besteffort/pod${UID}/crio-conmon-${ID}`, 'crio-conmon', 'unit', pod],
  // One in another: who is inside.
  [`/docker/${OUTER}/docker/${ID}`, 'docker:4f0c3a1b2d5e', 'container', docker],
  [`/system.slice/docker-${OUTER}.scope/docker/${ID}/init`, 'docker:4f0c3a1b2d5e', 'container', { ...docker, ...part }],
  [
    `/docker/${OUTER}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${UID_}.slice/cri-containerd-${ID}.scope`,
    'containerd:4f0c3a1b2d5e',
    'container',
    { ...containerd, ...pod },
  ],
  [
    `/docker/${OUTER}/kubelet/kubepods/burstable/pod${UID}/${ID}`,
    'container:4f0c3a1b2d5e',
    'container',
    { ...somebody, ...pod },
  ],
  [`/lxc.payload.build/system.slice/docker-${ID}.scope`, 'docker:4f0c3a1b2d5e', 'container', docker],
];

export const MACHINES: readonly Row[] = [
  ['/lxc/web', 'lxc:web', 'container', { engine: 'lxc' }],
  ['/lxc/101/ns/system.slice/nginx.service', 'lxc:101', 'container', { engine: 'lxc', ...part }],
  ['/lxc.payload/web', 'lxc:web', 'container', { engine: 'lxc' }],
  ['/lxc.payload.web', 'lxc:web', 'container', { engine: 'lxc' }],
  ['/lxc.payload.user-1000_web.1/init.scope', 'lxc:user-1000_web.1', 'container', { engine: 'lxc', ...part }],
  ['/lxc.monitor.web', 'lxc.monitor', 'unit'],
  ['/lxc.monitor/101', 'lxc.monitor', 'unit'],
  ['/machine.slice/systemd-nspawn@web\\x2d1.service', 'nspawn:web-1', 'container', { engine: 'nspawn' }],
  [
    '/machine.slice/systemd-nspawn@web.service/payload/system.slice/a.service',
    'nspawn:web',
    'container',
    { engine: 'nspawn', ...part },
  ],
  ['/machine.slice/systemd-nspawn@web.service/supervisor', 'nspawn:web', 'container', { engine: 'nspawn', ...part }],
  ['/machine.slice/machine-web.scope/payload', 'nspawn:web', 'container', { engine: 'nspawn', ...part }],
  [
    '/machine.slice/machine-qemu\\x2d1\\x2dbuild\\x2dvm.scope/libvirt/emulator',
    'vm:build-vm',
    'container',
    { engine: 'vm', ...part },
  ],
  ['/machine/qemu-7-build.libvirt-qemu', 'vm:build', 'container', { engine: 'vm' }],
  ['/machine.slice/machine-lxc\\x2d4242\\x2ddb.scope', 'lxc:db', 'container', { engine: 'lxc' }],
  [`/nomad.slice/share.slice/${ALLOCATION}.redis.scope`, 'nomad:redis:6a2d7f11', 'container', { engine: 'nomad' }],
  [
    `/nomad.slice/reserve.slice/${ALLOCATION}.web\\x2dapi.scope`,
    'nomad:web-api:6a2d7f11',
    'container',
    { engine: 'nomad' },
  ],
  [`/nomad.slice/${ALLOCATION}.redis.scope`, 'nomad:redis:6a2d7f11', 'container', { engine: 'nomad' }],
  [`/nomad/share/${ALLOCATION}.redis`, 'nomad:redis:6a2d7f11', 'container', { engine: 'nomad' }],
];

export const PODS: readonly Row[] = [
  [`/kubepods/besteffort/pod${UID}`, `pod:${UID}`, 'pod', pod],
  [`/kubepods/pod${STATIC}`, `pod:${STATIC}`, 'pod', { podUid: STATIC }],
  [BURSTABLE, `pod:${UID}`, 'pod', pod],
  [`${BURSTABLE}/leaf`, `pod:${UID}`, 'pod', { ...pod, ...part }],
  [`/machine.slice/machine-libpod_pod_${OUTER}.slice`, 'podman-pod:99887766aabb', 'pod'],
  [`/libpod_parent/${OUTER}`, 'podman-pod:99887766aabb', 'pod'],
];

export const UNITS: readonly Row[] = [
  ['/system.slice/nginx.service', 'nginx.service', 'unit'],
  ['/system.slice/nginx.service/workers', 'nginx.service', 'unit', part],
  ['/system.slice/system-postgresql.slice/postgresql@14-main.service', 'postgresql@14-main.service', 'unit'],
  ['/system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service', 'unit'],
  [
    '/system.slice/system-systemd\\x2dfsck.slice/systemd-fsck@dev-sda1.service',
    'systemd-fsck@dev-sda1.service',
    'unit',
  ],
  ['/system.slice/dev-disk-by\\x2duuid-1b2c.swap', 'dev-disk-by-uuid-1b2c.swap', 'unit'],
  ['/system.slice/caf\\xc3\\xa9.service', 'café.service', 'unit'],
  ['/system.slice/bad\\xff.service', 'bad\\xff.service', 'unit'],
  ['/system.slice/docker.socket', 'docker.socket', 'unit'],
  ['/system.slice/run-u42.service', 'run-u42.service', 'unit'],
  ['/user.slice/user-0.slice/session-3.scope', 'session-3.scope', 'unit'],
  [`${USERS}/app.slice/sync.service`, 'user-1000/sync.service', 'unit'],
  [`${USERS}/init.scope`, 'user-1000/init.scope', 'unit'],
  [USERS, 'user@1000.service', 'unit'],
  ['/init.scope', 'init.scope', 'unit'],
  [`/not/docker-${ID.slice(1)}.scope`, `docker-${ID.slice(1)}.scope`, 'unit'],
];

export const NOBODYS: readonly Row[] = [
  ['/', 'host', 'host'],
  ['/system.slice', 'system.slice', 'slice'],
  ['/user.slice/user-0.slice', 'user-0.slice', 'slice'],
  ['/kubepods.slice', 'kubepods.slice', 'slice'],
  ['/kubepods.slice/kubepods-burstable.slice', 'kubepods-burstable.slice', 'slice'],
  ['/system.slice/system-systemd\\x2dfsck.slice', 'system-systemd-fsck.slice', 'slice'],
  ['/kubepods/burstable', '/kubepods/burstable', 'cgroup'],
  ['/my/own/tree', '/my/own/tree', 'cgroup'],
  ['/docker', '/docker', 'cgroup'],
  [`/nomad/${ALLOCATION}`, `/nomad/${ALLOCATION}`, 'cgroup'],
  [`/batch/${ALLOCATION}.redis`, `/batch/${ALLOCATION}.redis`, 'cgroup'],
  ['/evil/"\n\u0000}', '/evil/"??}', 'cgroup'],
];
