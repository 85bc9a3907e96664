import { WORKLOAD_KINDS } from '../core/model/workload.ts';
import { WORKLOAD_SORTS, type WorkloadSort } from '../core/model/workload-sort.ts';
import type { Command, OwnFlag } from './command.ts';
import { inquire, URL_FLAG, WATCH_FLAG } from './inquiry.ts';
import { readFlags } from './own-flags.ts';
import { misused } from './usage.ts';
import type { WorkloadsAnswer } from './workload-answer.ts';
import { workloadsText } from './workloads-table.ts';

const DEFAULT_LIMIT = '20';

const FLAGS: readonly OwnFlag[] = [
  WATCH_FLAG,
  {
    name: 'sort',
    value: 'WHAT',
    choices: WORKLOAD_SORTS,
    summary:
      'cpu, memory, stall (makes others wait), wait (waits for others), throttled, processes or pids. Default: cpu.',
  },
  { name: 'kind', value: 'KIND', choices: WORKLOAD_KINDS, summary: 'Only workloads of this kind.' },
  { name: 'namespace', value: 'NAME', summary: 'Only workloads of this Kubernetes namespace.' },
  { name: 'limit', value: 'NUMBER', summary: `How many to show, 1 to 1000. Default: ${DEFAULT_LIMIT}.` },
  URL_FLAG,
];

export const workloads: Command = {
  name: 'workloads',
  summary: 'List containers, pods and units: what each uses, causes and suffers',
  details:
    'Asks a running exporter for the workloads in which something lives. CPU is of one CPU over the last ten seconds, of processes that have ended too. MEMORY is what the cgroup counts, caches included, or what its processes have in RAM where no cgroup tells. THROTTLED is the share of periods in which its CPU quota held it back. STALLS is how long tasks of other workloads waited behind it, WAITS how long its own waited behind others, in task-seconds per second. "?" is not known; an empty cell is nothing.',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS);
    if ('problem' in read) return misused(read.problem, 'workloads', shell.stderr);
    const sort = (read.values.sort ?? 'cpu') as WorkloadSort;

    return await inquire<WorkloadsAnswer>(
      {
        command: 'workloads',
        path: 'workloads',
        parameters: ['sort', 'kind', 'namespace', 'limit'],
        member: 'workloads',
        text: (answer, look) => workloadsText(answer, sort, look),
      },
      { limit: DEFAULT_LIMIT, ...read.values },
      wantsJson,
      shell,
    );
  },
};
