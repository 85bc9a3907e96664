import type { IncidentDetail } from '../../src/cli/incident-answer.ts';

/** On this person's wall, whatever the time zone: a quarter past three, some day long ago. */
const at = (minute: number, second: number) => new Date(2026, 8, 21, 3, minute, second).toISOString();

export const STORM: IncidentDetail = {
  id: '0199a1b2-c3d4-7e5f-8a9b-0c1dc0ffee01',
  detector: 'fork-storm',
  title: 'Fork storm',
  severity: 'critical',
  state: 'open',
  entity: { kind: 'process', name: 'perl (pid 8121)' },
  culprit: {
    process: { pid: 8121, comm: 'perl', exe: 'perl' },
    lineage: [
      { pid: 8100, comm: 'bash', exe: 'bash' },
      { pid: 1, comm: 'systemd', exe: 'systemd' },
    ],
    group: 'perl',
    workload: { name: 'batch.service' },
  },
  victim: null,
  value: 212,
  threshold: 50,
  unit: '{fork}/s',
  windowSeconds: 0.5,
  peak: { value: 600, at: at(15, 20) },
  evidence: [
    {
      id: 'E1',
      what: 'forks',
      value: 300,
      unit: '{fork}',
      source: 'sched_process_fork',
      from: at(15, 19),
      to: at(15, 20),
    },
    {
      id: 'E2',
      what: 'children that live',
      value: 1,
      unit: '{process}',
      source: 'process tree',
      from: at(15, 20),
      to: at(15, 20),
    },
  ],
  forecast: null,
  onsetAt: at(15, 0),
  detectedAt: at(15, 1),
  resolvedAt: null,
  overlaps: ['0199a1b2-0000-7e5f-8a9b-0c1ddeadbeef'],
  traceId: '0199a1b2c3d47e5f8a9b0c1dc0ffee01',
  runbook: {
    meaning: 'One process creates children faster than a healthy build or server does.',
    impact: 'Pids and memory run out.',
    diagnosis: 'Follow the lineage upwards.',
    mitigation: 'Stop the parent, not the children.',
  },
};

/** One that is over, and of which no process stands out. */
export const PRESSURE: IncidentDetail = {
  ...STORM,
  id: '0199a1b2-0000-7e5f-8a9b-0c1ddeadbeef',
  detector: 'noisy-neighbour',
  title: 'Noisy neighbour',
  severity: 'warning',
  state: 'resolved',
  entity: { kind: 'pair', name: 'batch.service → web.service' },
  culprit: { process: null, lineage: [], group: '', workload: { name: 'batch.service' } },
  victim: { name: 'web.service' },
  value: 0.4,
  threshold: 0.2,
  unit: '1',
  peak: { value: 0.47, at: at(15, 30) },
  evidence: [],
  resolvedAt: at(16, 30),
  overlaps: [],
};

/** What runs out: the lower, the worse. */
export const RUNNING_OUT: IncidentDetail = {
  ...PRESSURE,
  severity: 'info',
  state: 'lost',
  value: 600,
  threshold: 900,
  unit: 's',
  peak: { value: 120, at: at(15, 30) },
  victim: null,
  resolvedAt: null,
  forecast: { what: 'the memory limit is reached', seconds: 120 },
};
