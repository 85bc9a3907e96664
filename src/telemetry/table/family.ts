import type { Kind } from '../name.ts';
import type { SheetName } from '../rows.ts';

interface Described {
  /** OpenTelemetry's name; Prometheus's is derived from it. */
  readonly name: string;
  /** UCUM: `s`, `By`, `By/s`, `1`, or `{thing}` for what is counted. */
  readonly unit: string;
  readonly help: string;
}

/** One column of a sheet, and the labels that set it apart in its family. */
export interface Cell {
  readonly column: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One number for each row and cell. */
export interface NumberFamily extends Described {
  readonly kind: Exclude<Kind, 'histogram'>;
  readonly sheet: SheetName;
  /** Labels of the cells, beside those of the row. */
  readonly attributes: readonly string[];
  readonly cells: readonly Cell[];
  /** Each of its rows, which are few, may name the last that it counted. Only a counter's may, as OpenMetrics has it. */
  readonly namesLast?: boolean;
}

/** One histogram for each row. */
export interface HistogramFamily extends Described {
  readonly kind: 'histogram';
  readonly sheet: SheetName;
  readonly attributes: readonly [];
  /** Upper bounds, in the family's unit; one more bucket has none. */
  readonly bounds: readonly number[];
  /** Columns that count each bucket by itself, not cumulatively. */
  readonly buckets: readonly string[];
  readonly sum: string;
}

/** What Culprit tells of itself; its few samples are handed over whole. */
export interface SelfFamily extends Described {
  readonly kind: Exclude<Kind, 'histogram'>;
  readonly sheet: 'self';
  readonly attributes: readonly string[];
}

export type SheetFamily = NumberFamily | HistogramFamily;
export type Family = SheetFamily | SelfFamily;

/** A family of one cell. */
export function single(column: string): Pick<NumberFamily, 'attributes' | 'cells'> {
  return { attributes: [], cells: [{ column, labels: {} }] };
}

/** A family with one cell for each value of a label. */
export function by(
  label: string,
  values: readonly string[],
  column: (value: string) => string,
): Pick<NumberFamily, 'attributes' | 'cells'> {
  return { attributes: [label], cells: values.map((value) => ({ column: column(value), labels: { [label]: value } })) };
}
