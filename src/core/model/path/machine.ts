import type { Workload } from '../workload.ts';
import { unescaped } from './unescaped.ts';

const LXC = /^lxc\.payload\.(.+)$/;
const LXC_MONITOR = /^lxc\.monitor(?:\..+)?$/;
const NSPAWN = /^systemd-nspawn@(.+)\.service$/;
/** Whatever systemd-machined was told of. */
const REGISTERED = /^machine-(.+)\.scope$/;
const LIBVIRT = /^(qemu|lxc)-\d+-(.+?)(?:\.libvirt-(?:qemu|lxc))?$/;
const ALLOCATION = /^([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(.+?)(?:\.scope)?$/;
const LIBVIRT_ENGINES: Readonly<Record<string, string>> = { qemu: 'vm', lxc: 'lxc' };

/** What has a name in its path: a system container, a virtual machine, a task of Nomad. */
export function machineAt(parts: readonly string[], index: number): Workload | undefined {
  const part = parts[index]!;
  const parent = parts[index - 1];

  if (LXC_MONITOR.test(part) || parent === 'lxc.monitor') return { kind: 'unit', name: 'lxc.monitor' };
  const lxc = LXC.exec(part)?.[1] ?? (parent === 'lxc' || parent === 'lxc.payload' ? part : undefined);
  if (lxc !== undefined) return named('lxc', lxc);

  const nspawn = NSPAWN.exec(part)?.[1];
  if (nspawn !== undefined) return named('nspawn', unescaped(nspawn));
  const machine = REGISTERED.exec(part)?.[1] ?? (parent === 'machine' ? part : undefined);
  if (machine !== undefined) return machineNamed(unescaped(machine));

  const task = parts.slice(0, index).some((above) => /^nomad(?:\.slice)?$/.test(above)) ? ALLOCATION.exec(part) : null;
  if (task === null) return undefined;
  const [, allocation, name = ''] = task;
  return { ...named('nomad', unescaped(name)), name: `nomad:${unescaped(name)}:${allocation}` };
}

function machineNamed(name: string): Workload {
  const [, technique = '', domain] = LIBVIRT.exec(name) ?? [];
  return domain === undefined ? named('nspawn', name) : named(LIBVIRT_ENGINES[technique]!, domain);
}

function named(engine: string, container: string): Workload {
  return { kind: 'container', name: `${engine}:${container}`, engine, container };
}
