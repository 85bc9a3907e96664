import { type Capability, effectiveCapabilities, libbpf } from '../libbpf-ts/index.ts';
import type { Check, ChecksOptions } from './checks.ts';
import { Drain } from './drain.ts';
import { type Probe, Probes } from './probes.ts';
import { reasonOf } from './scratch.ts';

/** What each capability is for. Root in a container may lack some. */
const WANTED: readonly (readonly [capability: Capability, status: 'warn' | 'fail', purpose: string])[] = [
  ['CAP_BPF', 'fail', 'to load probes'],
  ['CAP_PERFMON', 'fail', 'to read kernel memory in probes'],
  ['CAP_SYS_PTRACE', 'warn', "to see other users' executables and descriptors"],
  ['CAP_DAC_READ_SEARCH', 'warn', "to read other users' files in /proc"],
];

/** Checks libbpf, capabilities, the ring, and that each probe attaches. Detaches them again. */
export function checkProbes(options: ChecksOptions): Check[] {
  return [checkLibbpf(), ...checkCapabilities(), ...checkAttaching(options)];
}

function checkLibbpf(): Check {
  try {
    return { name: 'libbpf', status: 'ok', seen: libbpf().libbpf_version_string() };
  } catch (error) {
    return {
      name: 'libbpf',
      status: 'fail',
      seen: reasonOf(error),
      advice: 'apt-get install libbpf1, or dnf install libbpf',
    };
  }
}

function checkCapabilities(): Check[] {
  const held = effectiveCapabilities();
  // Before 5.8, and still today, CAP_SYS_ADMIN stands for both of the first two.
  const holds = (wanted: Capability) => held.has(wanted) || (held.has('CAP_SYS_ADMIN') && WANTED_OF_ADMIN.has(wanted));

  return WANTED.map(([capability, status, purpose]) =>
    holds(capability)
      ? { name: capability, status: 'ok', seen: 'held' }
      : { name: capability, status, seen: 'not held', advice: `grant ${capability} ${purpose}, or run as root` },
  );
}

const WANTED_OF_ADMIN: ReadonlySet<Capability> = new Set(['CAP_BPF', 'CAP_PERFMON']);

function checkAttaching(options: ChecksOptions): Check[] {
  let probes: Probes | undefined;
  let ring: Drain | undefined;

  try {
    probes = Probes.load(options);
    ring = new Drain(probes.map('events'), () => {});
    probes.attach();
    probes.attachOnDemand();
    return [{ name: 'ring', status: 'ok', seen: `${ring.ringBytes} bytes` }, ...probes.list().map(checkProbe)];
  } catch (error) {
    const advice = 'see the checks above; mode procfs runs without probes';
    return [{ name: 'probes', status: 'fail', seen: reasonOf(error), advice }];
  } finally {
    ring?.close();
    probes?.close();
  }
}

function checkProbe({ name, attached, required, reason = 'not attached' }: Probe): Check {
  if (attached) return { name: `probe ${name}`, status: 'ok', seen: 'attached' };

  const advice = 'the others run without it; its metrics are missing';
  return { name: `probe ${name}`, status: required ? 'fail' : 'warn', seen: reason, advice };
}
