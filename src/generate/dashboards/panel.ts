import type { DashboardUid } from '../alerts/rule.ts';

/** Grafana's units, as far as we use them. `percentunit` is a share: 1 is 100 %. */
export type PanelUnit = 'short' | 's' | 'bytes' | 'Bps' | 'cps' | 'percentunit' | 'dateTimeFromNow';

/** How a panel is drawn. A `matrix` is a table of rows by columns, a `timeline` a bar for each series while it is above 0. */
export type PanelView = 'lines' | 'areas' | 'stat' | 'table' | 'matrix' | 'timeline';

export interface Query {
  readonly expr: string;
  /** With `{{label}}`; the labels that the query leaves. */
  readonly legend: string;
}

export interface PanelSpec {
  readonly title: string;
  /** What it shows and how to read it. */
  readonly description: string;
  readonly view: PanelView;
  readonly unit: PanelUnit;
  readonly queries: readonly Query[];
  /** Of 24 columns. */
  readonly width: number;
  readonly height?: number;
  /** From where on it is worth a look, and from where on it hurts. */
  readonly thresholds?: { readonly amber: number; readonly red: number };
  readonly min?: number;
  readonly max?: number;
  /** Labels that a table does not show, and what it calls the others. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Of a matrix. */
  readonly rows?: string;
}

export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

export interface DashboardSpec {
  readonly uid: DashboardUid;
  readonly title: string;
  readonly description: string;
  /** Beside the data source: which hosts, namespaces and workloads. */
  readonly variables: readonly ('instance' | 'namespace' | 'workload')[];
  readonly rows: readonly RowSpec[];
}
