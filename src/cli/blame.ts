import { STALL_RESOURCES } from '../core/model/stall.ts';
import type { BlameAnswer } from './blame-answer.ts';
import { blameText } from './blame-table.ts';
import type { Command, OwnFlag } from './command.ts';
import { inquire, URL_FLAG, WATCH_FLAG } from './inquiry.ts';
import { readFlags } from './own-flags.ts';
import { misused } from './usage.ts';

const FLAGS: readonly OwnFlag[] = [
  WATCH_FLAG,
  { name: 'window', value: 'DURATION', summary: 'How far to look back, 2s to 60s. Default: 30s.' },
  { name: 'victim', value: 'NAME', summary: 'Only who waited under this name, however little.' },
  { name: 'offender', value: 'NAME', summary: 'Only what waited behind this name, however little.' },
  { name: 'resource', value: 'RESOURCE', choices: STALL_RESOURCES, summary: 'Only waits for cpu, memory or io.' },
  {
    name: 'by',
    value: 'KIND',
    choices: ['workload', 'pod'],
    summary: 'workload or pod: with pod, containers of one Kubernetes pod are one. Default: workload.',
  },
  URL_FLAG,
];

const PARAMETERS = ['window', 'victim', 'offender', 'resource', 'by'];

export const blame: Command = {
  name: 'blame',
  summary: 'Say who made whom wait, and behind which process',
  details:
    'Asks a running exporter. TIME is in task-seconds: two tasks that wait for a second make two. SHARE is of all that the victim waited. EXCESS is the part of its CPU that the offender used above its fair share by weight; "?" where weights are not known. A cause with "~" is inferred, not measured. What was not seen is charged to nobody.',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS);
    if ('problem' in read) return misused(read.problem, 'blame', shell.stderr);
    const { victim, offender } = read.values;
    const showsAll = victim !== undefined || offender !== undefined;

    return await inquire<BlameAnswer>(
      {
        command: 'blame',
        path: 'blame',
        parameters: PARAMETERS,
        member: 'victims',
        text: (answer, look) => blameText(answer, look, showsAll),
      },
      read.values,
      wantsJson,
      shell,
    );
  },
};
