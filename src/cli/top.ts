import { PROCESS_SORTS, type ProcessSort } from '../core/model/process-sort.ts';
import type { Command, OwnFlag } from './command.ts';
import { inquire, URL_FLAG, WATCH_FLAG } from './inquiry.ts';
import { readFlags } from './own-flags.ts';
import type { ProcessesAnswer } from './process-answer.ts';
import { topText } from './top-table.ts';
import { misused } from './usage.ts';

const DEFAULT_LIMIT = '20';

const FLAGS: readonly OwnFlag[] = [
  WATCH_FLAG,
  {
    name: 'sort',
    value: 'WHAT',
    choices: PROCESS_SORTS,
    summary: 'cpu, rss, forks, or stall: who makes other workloads wait. Default: cpu.',
  },
  { name: 'limit', value: 'NUMBER', summary: `How many to show, 1 to 500. Default: ${DEFAULT_LIMIT}.` },
  { name: 'workload', value: 'NAME', summary: 'Only processes of this workload.' },
  { name: 'group', value: 'NAME', summary: 'Only processes of this group.' },
  { name: 'user', value: 'USER', summary: 'Only processes of this user, by name or uid.' },
  { name: 'namespace', value: 'NAME', summary: 'Only processes of this Kubernetes namespace.' },
  URL_FLAG,
];

export const top: Command = {
  name: 'top',
  summary: 'List the processes that use most, or make others wait',
  details:
    'Asks a running exporter. CPU is of one CPU over the last five to ten seconds. MEMORY is what is in RAM, GROWTH that of the last minute without caches. STALLS is how long tasks of other workloads waited behind the process, in task-seconds per second. "?" is not known; an empty cell is nothing. A command line is shown as far as it cannot hold a secret.',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS);
    if ('problem' in read) return misused(read.problem, 'top', shell.stderr);
    const values = { limit: DEFAULT_LIMIT, ...read.values };
    const sort = (read.values.sort ?? 'cpu') as ProcessSort;

    return await inquire<ProcessesAnswer>(
      {
        command: 'top',
        path: 'processes',
        parameters: ['sort', 'limit', 'workload', 'group', 'user', 'namespace'],
        member: 'processes',
        text: (answer, look) => topText(answer, sort, look),
      },
      values,
      wantsJson,
      shell,
    );
  },
};
