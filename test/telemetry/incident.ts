import type { Incident } from '../../src/core/model/incident.ts';

/** A UUIDv7 for each number. */
export function idOf(index: number): string {
  return `0198c2a4-1f3b-7c11-9d2e-${index.toString(16).padStart(12, '0')}`;
}

/** A storm that began 4.5 s after the clock did, and was worst a second after it was found. */
export const INCIDENT: Incident = {
  id: idOf(0xabc),
  state: 'open',
  fingerprint: 'fork-storm/process/8121@7',
  detector: 'fork-storm',
  title: 'Fork storm',
  severity: 'critical',
  entity: { kind: 'process', key: '8121@7', name: 'bash (pid 8121)' },
  culprit: {
    process: { pid: 8121, startedNs: 7, comm: 'bash', exe: 'bash' },
    lineage: [{ pid: 800, startedNs: 3, comm: 'sshd', exe: 'sshd' }],
    group: 'bash',
    workload: { kind: 'container', name: 'docker:4f0c3a1b2d5e', containerId: '4f0c3a1b2d5e' },
  },
  victim: undefined,
  value: 200,
  threshold: 50,
  unit: '{fork}/s',
  windowMs: 500,
  evidence: [
    { id: 'E1', what: 'forks', value: 100, unit: '{fork}', source: 'sched_process_fork', from: 4_500, to: 5_000 },
  ],
  forecast: undefined,
  onsetAt: 4_500,
  detectedAt: 5_000,
  peakValue: 250,
  peakAt: 6_000,
  peakStrength: 5,
  heldAt: 9_000,
  resolvedAt: Number.NaN,
  overlaps: [],
};
