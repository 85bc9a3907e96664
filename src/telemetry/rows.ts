/**
 * What the readers need of a sheet of the accounts: numbers in columns, labels by slot.
 *
 * NaN is "not known" and has no sample. A slot whose generation is unchanged has the labels it had.
 */
export interface Rows {
  readonly labelNames: readonly string[];
  readonly columnNames: readonly string[];
  /** One per column, indexed by slot; replaced when the sheet grows. */
  readonly columns: readonly Float64Array[];
  /** By slot, in the order of `labelNames`; an empty string is a label that is absent. */
  readonly labels: readonly (readonly string[])[];
  readonly generations: Uint32Array;
  /** Monotonic milliseconds at which the row began to count. */
  readonly openedAt: Float64Array;
  /** Open slots; only the first `size` count. */
  readonly live: Int32Array;
  readonly size: number;
}

export const SHEET_NAMES = [
  'groups',
  'workloads',
  'workloadInfo',
  'blame',
  'host',
  'incidents',
  'activeIncidents',
] as const;
export type SheetName = (typeof SHEET_NAMES)[number];
export type Sheets = Readonly<Record<SheetName, Rows>>;

/** The index of a column. Throws on a name that the sheet does not have. */
export function columnIndex(rows: Rows, name: string): number {
  const index = rows.columnNames.indexOf(name);
  if (index < 0) throw new RangeError(`no column ${name}; there are ${rows.columnNames.join(', ')}`);
  return index;
}
