import type { WorkloadSort } from '../core/model/workload-sort.ts';
import { duration, percent } from './blame-words.ts';
import { printable, wrap } from './paint.ts';
import { bytes, cpu } from './process-cells.ts';
import { type Column, type Look, table } from './table.ts';
import type { WorkloadsAnswer, WorkloadTold } from './workload-answer.ts';

/** Whoever makes others wait this long, and whoever is held back so often, is worth a look. */
const STALL_MUCH = 0.05;
const THROTTLED_MUCH = 0.25;

const COLUMNS: readonly Column<WorkloadTold>[] = [
  { heading: 'WORKLOAD', cell: ({ workload }) => printable(workload.name), widthMin: 16 },
  { heading: 'KIND', cell: ({ workload }) => printable(workload.kind), spare: 3 },
  { heading: 'PROCESSES', cell: ({ processes }) => String(processes), isNumber: true, spare: 1 },
  { heading: 'CPU', cell: ({ cpuRatio }) => cpu(cpuRatio), isNumber: true },
  { heading: 'MEMORY', cell: ({ memoryBytes, residentBytes }) => bytes(memoryBytes ?? residentBytes), isNumber: true },
  { heading: 'LIMIT', cell: ({ memoryLimitBytes: limit }) => (limit === null ? '' : bytes(limit)), isNumber: true },
  { heading: 'TASKS', cell: tasks, isNumber: true, spare: 2 },
  { heading: 'THROTTLED', cell: ({ throttledRatio: ratio }) => (ratio ? percent(ratio) : ''), isNumber: true },
  { heading: 'STALLS', cell: ({ stallCausedRatio }) => perSecond(stallCausedRatio), isNumber: true },
  { heading: 'WAITS', cell: ({ stallSufferedRatio }) => perSecond(stallSufferedRatio), isNumber: true },
];

const BY: Readonly<Record<WorkloadSort, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  stall: 'how long others wait behind them',
  wait: 'how long they wait behind others',
  throttled: 'how often they are held back',
  processes: 'processes',
  pids: 'tasks',
};

/** A line that says what is shown, the table, and how far to trust it. */
export function workloadsText(answer: WorkloadsAnswer, by: WorkloadSort, look: Look): string {
  const { total, matched, workloads, degraded } = answer;
  const asked = matched === total ? '' : `${matched} as asked for, `;
  const shown = workloads.length === 0 ? 'none as asked for.' : `${asked}the first ${workloads.length} by ${BY[by]}:`;
  const paragraphs = [
    wrap(`${total} workloads, ${shown}`, 0, look.width),
    ...(workloads.length === 0 ? [] : [table(workloads, COLUMNS, look, (text, row) => emphasize(text, row, look))]),
    ...degraded.map((reason) => wrap(`! ${printable(reason)}`, 2, look.width)),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function tasks({ pids, pidsLimit }: WorkloadTold): string {
  if (pids === null) return '?';
  return pidsLimit === null ? String(pids) : `${pids} of ${pidsLimit}`;
}

function perSecond(ratio: number | null): string {
  if (ratio === null) return '?';
  return ratio === 0 ? '' : `${duration(ratio)}/s`;
}

function emphasize(text: string, { stallCausedRatio, throttledRatio }: WorkloadTold, { paint }: Look): string {
  if ((stallCausedRatio ?? 0) >= STALL_MUCH) return paint('fail', text);
  return (throttledRatio ?? 0) >= THROTTLED_MUCH ? paint('warn', text) : text;
}
