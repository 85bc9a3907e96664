import { type Capability, dropCapabilities } from '../libbpf-ts/index.ts';

/** What a running kernel goes on needing: its maps and iterators, and the files of other users' processes. */
export const KEPT_CAPABILITIES: readonly Capability[] = [
  'CAP_BPF',
  'CAP_PERFMON',
  'CAP_SYS_PTRACE',
  'CAP_DAC_READ_SEARCH',
];

/**
 * Gives up, for good, what is needed only to start: call it when probes are attached and ports are bound.
 *
 * Returns one line for the log. Threads that Node started before keep theirs, and the line says how many: Linux gives no thread
 * a say over another. Throws `KernelError` when the kernel refuses. Without capabilities to begin with, nothing changes.
 */
export function dropPrivilege(): string {
  const others = dropCapabilities(KEPT_CAPABILITIES);
  const kept = KEPT_CAPABILITIES.join(', ');

  return others.length === 0
    ? `kept no capability but ${kept}`
    : `the main thread kept no capability but ${kept}; ${others.length} helper threads of Node keep all`;
}
