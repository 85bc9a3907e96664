import type { TaskState } from '../core/model/process.ts';
import type { ProcessSort } from '../core/model/process-sort.ts';
import { printable, wrap } from './paint.ts';
import type { ProcessesAnswer, ProcessTold } from './process-answer.ts';
import { age, bytes, commandOf, cpu, emphasize, forks, growth, stalls, userOf, workloadOf } from './process-cells.ts';
import { type Column, type Look, table } from './table.ts';

/** As ps(1) has them. */
const STATES: Readonly<Record<TaskState, string>> = {
  running: 'R',
  sleeping: 'S',
  uninterruptible: 'D',
  stopped: 'T',
  zombie: 'Z',
};

const COLUMNS: readonly Column<ProcessTold>[] = [
  { heading: 'PID', cell: ({ pid }) => String(pid), isNumber: true },
  { heading: 'USER', cell: userOf, widthMin: 8, spare: 4 },
  { heading: 'S', cell: ({ state }) => STATES[state] },
  { heading: 'CPU', cell: ({ cpuRatio }) => cpu(cpuRatio), isNumber: true },
  { heading: 'MEMORY', cell: ({ residentBytes }) => bytes(residentBytes), isNumber: true },
  { heading: 'GROWTH', cell: growth, isNumber: true, spare: 2 },
  { heading: 'FORKS/S', cell: forks, isNumber: true, spare: 1 },
  { heading: 'STALLS', cell: stalls, isNumber: true },
  { heading: 'AGE', cell: age, isNumber: true, spare: 3 },
  { heading: 'WORKLOAD', cell: workloadOf, widthMin: 12 },
  { heading: 'COMMAND', cell: commandOf, widthMin: 20 },
];

const BY: Readonly<Record<ProcessSort, string>> = {
  cpu: 'CPU',
  rss: 'memory',
  forks: 'forks',
  stall: 'how long others wait behind them',
};

/** A line that says what is shown, the table, and what there is to know about how far to trust it. */
export function topText({ total, matched, processes, degraded }: ProcessesAnswer, by: ProcessSort, look: Look): string {
  const asked = matched === total ? '' : `${matched} as asked for, `;
  const heading =
    processes.length === 0
      ? `${total} processes, none as asked for.`
      : `${total} processes, ${asked}the first ${processes.length} by ${BY[by]}:`;

  const paragraphs = [
    wrap(heading, 0, look.width),
    processes.length === 0
      ? ''
      : table(processes, COLUMNS, look, (text, process) => emphasize(text, process, look.paint)),
    ...degraded.map((reason) => wrap(`! ${printable(reason)}`, 2, look.width)),
  ];
  return `${paragraphs.filter((text) => text !== '').join('\n\n')}\n`;
}
