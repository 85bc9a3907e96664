import type { Event, WorkloadNamedEvent } from '../../../src/core/model/event.ts';
import { exec } from '../support/events.ts';

export const ID = '4f0c3a1b2d5e'.padEnd(64, '0');
export const OTHER_ID = '77aa77aa77aa'.padEnd(64, '0');
export const UID = '8e1f0c2a-1111-4222-8333-0123456789ab';
export const POD_PATH = `/kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice`;

export function made(cgroupId: number, path: string, at = 0): Event {
  return { kind: 'cgroup-made', at, cgroupId, path };
}

export function ran(cgroupId: number, pid: number, at = 1): Event {
  return exec(pid, 'nginx', { cgroupId, at });
}

export function named(
  containerId: string,
  container: string,
  more: Partial<WorkloadNamedEvent> = {},
): WorkloadNamedEvent {
  const nothing = {
    image: '',
    engine: '',
    podUid: '',
    pod: '',
    namespace: '',
    ownerKind: '',
    ownerName: '',
    labels: [],
  };
  return { kind: 'workload-named', at: 2, ...nothing, containerId, container, ...more };
}

export const docker = (id: string) => `/system.slice/docker-${id}.scope`;
export const API = { podUid: UID, pod: 'api-0', namespace: 'payments', image: 'api:1' };
