import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const DASHBOARDS_FOLDER = join(import.meta.dirname, '../../dashboards');

export interface Target {
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant?: boolean;
}

/** A series as Prometheus answered it, under the name that the legend gives it. */
export interface Drawn {
  readonly name: string;
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** A panel with what its queries answered, of a time. */
export interface Answered {
  readonly panel: Panel;
  readonly results: readonly (readonly Drawn[])[];
  readonly from: number;
  readonly to: number;
}

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
      readonly custom?: { readonly stacking?: { readonly mode: string } };
    };
  };
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: { readonly renameByName?: Readonly<Record<string, string>> };
  }[];
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly targets?: readonly Target[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
  readonly annotations: {
    readonly list: readonly { readonly name: string; readonly expr?: string; readonly target?: object }[];
  };
}

/** As Grafana gets them. */
export const dashboards: readonly Dashboard[] = globSync('*.json', { cwd: DASHBOARDS_FOLDER })
  .sort()
  .map((name) => JSON.parse(readFileSync(join(DASHBOARDS_FOLDER, name), 'utf8')) as Dashboard);

/** Panels that show something; the others are headings. */
export const panels = dashboards.flatMap(({ uid, panels: all }) =>
  all.filter(({ type }) => type !== 'row').map((panel) => ({ uid, ...panel, name: `${uid}: ${panel.title}` })),
);
