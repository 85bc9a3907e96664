import { RESOURCES } from '../model/pressure.ts';
import { EXIT_REASONS, LIFETIME_BOUNDS_SECONDS, TASK_STATES } from '../model/process.ts';
import { Sheet } from '../model/sheet.ts';
import { WORKLOAD_LABELS } from './workload-labels.ts';

/** What this mode can see at all; what it can't stays NaN, and is never exported as a zero. */
export interface Senses {
  /** Forks, execs and exits are told one by one. */
  readonly lifecycle: boolean;
  /** The kernel counts by cgroup. */
  readonly counts: boolean;
  /** Samples tell open descriptors. */
  readonly fds: boolean;
}

export const STALLS = ['some', 'full'] as const;
const NOT_KNOWN = Number.NaN;

export const PRESSURES: readonly string[] = RESOURCES.flatMap((resource) =>
  STALLS.map((stall) => `pressure_${resource}_${stall}_seconds`),
);
const HOST_COLUMNS = [
  'task_starts',
  'tasks',
  'tasks_limit',
  'files_open',
  'files_limit',
  'memory_bytes',
  'memory_available_bytes',
  'swap_free_bytes',
];
const LIFETIMES = Array.from({ length: LIFETIME_BOUNDS_SECONDS.length + 1 }, (_, bucket) => `lifetime_${bucket}`);

export function groupSheet(senses: Senses, rowsMax: number): Sheet {
  const counted = senses.lifecycle ? 0 : NOT_KNOWN;
  return new Sheet(
    ['group', ...WORKLOAD_LABELS],
    {
      forks: counted,
      execs: counted,
      ...all(
        EXIT_REASONS.map((reason) => `exits_${reason}`),
        counted,
      ),
      cpu_user_seconds: 0,
      cpu_system_seconds: 0,
      // Without probes they come from files that only the process's owner may read.
      read_bytes: counted,
      write_bytes: counted,
      major_faults: counted,
      memory_resident_bytes: NOT_KNOWN,
      memory_anonymous_bytes: NOT_KNOWN,
      memory_swap_bytes: NOT_KNOWN,
      memory_growth_bytes_per_second: NOT_KNOWN,
      memory_max_bytes: NOT_KNOWN,
      open_fds: NOT_KNOWN,
      fd_limit_ratio: NOT_KNOWN,
      ...all(
        TASK_STATES.map((state) => `processes_${state}`),
        NOT_KNOWN,
      ),
      ...all(
        TASK_STATES.map((state) => `threads_${state}`),
        NOT_KNOWN,
      ),
    },
    rowsMax,
  );
}

export function workloadSheet(senses: Senses, rowsMax: number): Sheet {
  const counted = senses.counts ? 0 : NOT_KNOWN;
  return new Sheet(
    WORKLOAD_LABELS,
    {
      thread_starts: counted,
      ...all(LIFETIMES, counted),
      lifetime_seconds: counted,
      run_delay_seconds: counted,
      // Only a probe on each switch can tell.
      long_waits: NOT_KNOWN,
      long_waits_untold: NOT_KNOWN,
      longest_wait_seconds: NOT_KNOWN,
      throttled_seconds: NOT_KNOWN,
      cpu_periods: NOT_KNOWN,
      throttled_periods: NOT_KNOWN,
      cpu_usage_seconds: NOT_KNOWN,
      cpu_quota_cores: NOT_KNOWN,
      memory_usage_bytes: NOT_KNOWN,
      memory_anonymous_bytes: NOT_KNOWN,
      memory_high_bytes: NOT_KNOWN,
      memory_limit_bytes: NOT_KNOWN,
      memory_events_high: NOT_KNOWN,
      memory_events_max: NOT_KNOWN,
      memory_events_oom: NOT_KNOWN,
      pids: NOT_KNOWN,
      pids_limit: NOT_KNOWN,
      io_read_bytes: NOT_KNOWN,
      io_write_bytes: NOT_KNOWN,
      oom_kills: counted,
      ...all(PRESSURES, NOT_KNOWN),
    },
    rowsMax,
  );
}

/** One row, of totals since boot: it is open since the clock began. */
export function hostSheet(): Sheet {
  const sheet = new Sheet([], all([...HOST_COLUMNS, ...PRESSURES], NOT_KNOWN), 1);
  sheet.open([], 0);
  return sheet;
}

function all(names: readonly string[], initial: number): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, initial]));
}

/** Adds to a counter; one that was not known yet is, from now on. */
export function count(sheet: Sheet, slot: number, column: number, value: number): void {
  const cells = sheet.columns[column]!;
  const before = cells[slot]!;
  cells[slot] = Number.isNaN(before) ? value : before + value;
}
