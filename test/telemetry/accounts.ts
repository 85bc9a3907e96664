import { Sheet } from '../../src/core/model/sheet.ts';
import type { SheetName, Sheets } from '../../src/telemetry/rows.ts';
import { SHEET_FAMILIES } from '../../src/telemetry/table.ts';

const LABELS: Readonly<Record<SheetName, readonly string[]>> = {
  groups: ['group', 'workload', 'workload_kind'],
  workloads: ['workload', 'workload_kind'],
  workloadInfo: ['workload', 'workload_kind', 'container.name'],
  blame: ['victim', 'offender', 'resource', 'cause', 'basis'],
  host: [],
  incidents: ['detector', 'severity'],
  activeIncidents: ['detector', 'severity', 'workload', 'workload_kind'],
};

export type AccountSheets = Sheets & Readonly<Record<SheetName, Sheet>>;

/** Empty sheets with every column that the metric table names; a new row knows nothing. */
export function emptySheets(): AccountSheets {
  return {
    groups: emptySheet('groups'),
    workloads: emptySheet('workloads'),
    workloadInfo: emptySheet('workloadInfo'),
    blame: emptySheet('blame'),
    host: emptySheet('host'),
    incidents: emptySheet('incidents'),
    activeIncidents: emptySheet('activeIncidents'),
  };
}

function emptySheet(name: SheetName): Sheet {
  const columns = SHEET_FAMILIES.filter(({ sheet }) => sheet === name).flatMap((family) =>
    family.kind === 'histogram' ? [...family.buckets, family.sum] : family.cells.map(({ column }) => column),
  );
  return new Sheet(LABELS[name], Object.fromEntries(columns.map((column) => [column, Number.NaN])), 100_000);
}

/** Opens a row and fills in what is known of it. */
export function row(sheet: Sheet, labels: readonly string[], values: Readonly<Record<string, number>>, at = 0): number {
  const slot = sheet.open(labels, at);
  for (const [column, value] of Object.entries(values)) sheet.set(slot, sheet.column(column), value);
  return slot;
}

/** The same numbers for the same seed, in [0, 1). mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sheets of about `samples` samples with labels and values such as a host has. */
export function busySheets(samples: number, next: () => number): AccountSheets {
  const sheets = emptySheets();
  const groups = Math.max(
    1,
    Math.round(samples / (sheets.groups.columns.length + sheets.workloads.columns.length / 4)),
  );
  for (let index = 0; index < groups; index++) {
    const workload = `docker:${(index >> 2).toString(16).padStart(12, '0')}`;
    sheets.groups.open([`worker-${index}`, workload, 'container'], index);
    if (index % 4 === 0) sheets.workloads.open([workload, 'container'], index);
  }
  sheets.host.open([], 0);
  work(sheets, next);
  return sheets;
}

/**
 * Measures rows anew, each with the chance `share`, in the magnitudes that a host has: most groups are small, and rare things are
 * mostly none.
 */
export function work({ groups, workloads, host }: AccountSheets, next: () => number, share = 1): void {
  for (const sheet of [groups, workloads, host]) {
    const generators = sheet.columnNames.map((name) => generator(name, next));
    for (let index = 0; index < sheet.size; index++) {
      if (next() >= share) continue;
      const slot = sheet.live[index]!;
      for (let column = 0; column < generators.length; column++) sheet.set(slot, column, generators[column]!());
    }
  }
}

function generator(column: string, next: () => number): () => number {
  const upTo = (power: number) => () => Math.floor(10 ** (next() * power) - 1);
  if (column.endsWith('_ratio')) return next;
  if (column.endsWith('_per_second')) return () => (next() - 0.5) * 1e6;
  if (column.endsWith('_seconds')) return () => next() * 1e5;
  if (column.endsWith('_bytes')) return upTo(11);
  if (/oom|signal|uninterruptible|stopped|zombie|running/.test(column)) return () => Math.floor(next() * 1.1);
  return upTo(5);
}

/** Columns of a workload's lifetimes, from counts by bucket. */
export function lifetimes(counts: readonly number[], sumSeconds: number): Record<string, number> {
  const buckets = counts.map((count, bucket) => [`lifetime_${bucket}`, count]);
  return { ...Object.fromEntries(buckets), lifetime_seconds: sumSeconds };
}
