import type { Command, OwnFlag } from './command.ts';
import { inquire, URL_FLAG, WATCH_FLAG } from './inquiry.ts';
import { readFlags } from './own-flags.ts';
import type { ForestAnswer, GraphAnswer } from './process-answer.ts';
import { forestText, treeText } from './tree-table.ts';
import { misused } from './usage.ts';

const FLAGS: readonly OwnFlag[] = [
  WATCH_FLAG,
  { name: 'depth', value: 'NUMBER', summary: 'Generations below, 0 to 64. Default: 16.' },
  {
    name: 'children',
    value: 'NUMBER',
    summary: 'Children of one process, the heaviest of them, 1 to 1000. Default: 20.',
  },
  { name: 'limit', value: 'NUMBER', summary: 'Processes below in all, 0 to 2000. Default: 200.' },
  URL_FLAG,
];

export const tree: Command = {
  name: 'tree',
  summary: 'Draw whom a process comes from, and who comes from it',
  details:
    'Asks a running exporter. Without a PID it draws everybody, kernel threads aside. Who uses most CPU with all below it comes first; ALL is how many processes those are, ALL CPU what they use together. A process stands below who begat it, also when one between has ended; once that is forgotten, below who waits for it. What is not drawn is counted.',
  argument: '[PID]',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS, 1);
    if ('problem' in read) return misused(read.problem, 'tree', shell.stderr);
    const [pid] = read.words;
    const question = { command: 'tree', parameters: ['depth', 'children', 'limit'] };
    if (pid === undefined) {
      const everybody = { ...question, path: 'graph', member: 'roots', text: forestText } as const;
      return await inquire<ForestAnswer>(everybody, read.values, wantsJson, shell);
    }
    if (!/^\d+$/.test(pid)) return misused(`expected a PID; got ${JSON.stringify(pid)}`, 'tree', shell.stderr);
    const one = { ...question, path: `graph/${pid}`, member: 'root', text: treeText } as const;
    return await inquire<GraphAnswer>(one, read.values, wantsJson, shell);
  },
};
