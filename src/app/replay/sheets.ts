import type { Row } from '../../cli/index.ts';
import type { Sheet } from '../../core/model/sheet.ts';
import type { Summons } from './witness.ts';

/** Who made whom wait, in all. */
export const blame: Summons = ({ blame: { sheet } }) => ({
  tell: () => ({
    name: 'blame',
    title: 'Who stalled whom',
    columns: [
      { name: 'victim', heading: 'VICTIM' },
      { name: 'resource', heading: 'FOR' },
      { name: 'cause', heading: 'CAUSE' },
      { name: 'offender', heading: 'BEHIND' },
      { name: 'stall_seconds', heading: 'TIME', unit: 'seconds' },
    ],
    rows: rowsOf(sheet, ({ stall_seconds }) => Number(stall_seconds)),
  }),
});

export const groups: Summons = ({ accounts }) => ({
  tell: () => ({
    name: 'groups',
    title: 'What processes did',
    columns: [
      { name: 'group', heading: 'GROUP' },
      { name: 'workload', heading: 'WORKLOAD' },
      { name: 'forks', heading: 'FORKS' },
      { name: 'execs', heading: 'EXECS' },
      { name: 'exits_ok', heading: 'ENDED WELL' },
      { name: 'exits_error', heading: 'FAILED' },
      { name: 'exits_signal', heading: 'BY SIGNAL' },
      { name: 'cpu_user_seconds', heading: 'USER', unit: 'seconds' },
      { name: 'cpu_system_seconds', heading: 'SYSTEM', unit: 'seconds' },
    ],
    rows: rowsOf(accounts.groups, (row) => Number(row.cpu_user_seconds) + Number(row.cpu_system_seconds)),
  }),
});

export const workloads: Summons = ({ accounts }) => ({
  tell: () => ({
    name: 'workloads',
    title: 'What workloads suffered',
    columns: [
      { name: 'workload', heading: 'WORKLOAD' },
      { name: 'run_delay_seconds', heading: 'WAITED FOR CPU', unit: 'seconds' },
      { name: 'long_waits', heading: 'LONG WAITS' },
      { name: 'throttled_seconds', heading: 'THROTTLED', unit: 'seconds' },
      { name: 'oom_kills', heading: 'OOM KILLS' },
    ],
    rows: rowsOf(accounts.workloads, ({ run_delay_seconds }) => Number(run_delay_seconds)),
  }),
});

/** The weightiest first; of equals, by name. */
function rowsOf(sheet: Sheet, weightOf: (row: Row) => number): Row[] {
  const rows = Array.from(sheet.live.subarray(0, sheet.size), (slot) => {
    const labels = sheet.labelNames.map((name, index) => [name, sheet.labels[slot]?.[index] ?? '']);
    const values = sheet.columnNames.map((name, column) => [name, known(sheet.get(slot, column))]);
    return Object.fromEntries([...labels, ...values]) as Row;
  });
  const nameOf = (row: Row) => sheet.labelNames.map((name) => row[name]).join('\0');

  return rows.sort((one, other) => weightOf(other) - weightOf(one) || (nameOf(one) < nameOf(other) ? -1 : 1));
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
