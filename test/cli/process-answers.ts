import type { GraphAnswer, GraphTold, ProcessesAnswer, ProcessTold } from '../../src/cli/process-answer.ts';

const MIB = 2 ** 20;

export const CONVERT: ProcessTold = {
  pid: 8121,
  ageSeconds: 74,
  comm: 'convert',
  exe: 'convert',
  argv: ['convert', '--quality', '<redacted:2>', '<redacted:6>'],
  uid: 33,
  user: 'www-data',
  workload: { name: 'resizer.service' },
  state: 'running',
  isKernelThread: false,
  cpuRatio: 1.94,
  residentBytes: 312 * MIB,
  growthBytesPerSecond: 2.1 * MIB,
  forksPerSecond: 0,
  stallRatio: 0.312,
};

export const POSTGRES: ProcessTold = {
  ...CONVERT,
  pid: 700,
  ageSeconds: 900_000,
  comm: 'postgres',
  exe: 'postgres',
  argv: [],
  uid: 1999,
  user: null,
  workload: { name: 'db.service' },
  state: 'uninterruptible',
  cpuRatio: 0.001,
  residentBytes: 9.5 * MIB,
  growthBytesPerSecond: null,
  forksPerSecond: 12.3,
  stallRatio: 0,
};

export const KTHREAD: ProcessTold = {
  ...CONVERT,
  pid: 2,
  comm: 'kthreadd',
  exe: '',
  argv: [],
  uid: 0,
  user: 'root',
  workload: null,
  state: 'sleeping',
  isKernelThread: true,
  cpuRatio: null,
  residentBytes: 0,
  growthBytesPerSecond: 0,
  forksPerSecond: null,
  stallRatio: null,
};

export function listOf(...processes: readonly ProcessTold[]): ProcessesAnswer {
  return { total: 2143, matched: 2143, processes, degraded: [] };
}

export function node(told: Partial<ProcessTold>, ...children: readonly GraphTold[]): GraphTold {
  const processes = children.reduce((sum, { subtree }) => sum + subtree.processes, 1);
  const subtree = { processes, cpuRatio: 2 };
  return { ...CONVERT, ...told, subtree, leftOut: { children: 0, processes: 0 }, children };
}

export const HOST = { workload: { name: 'host' }, cpuRatio: 0, residentBytes: 12 * MIB, stallRatio: 0 };

export function graphOf(root: GraphTold, ...ancestors: GraphAnswer['ancestors']): GraphAnswer {
  return { ancestors, ancestorsLeftOut: 0, root, degraded: [] };
}
