import { BLAME } from './blame.ts';
import { FLEET } from './fleet.ts';
import { grafanaDashboard } from './grafana-dashboard.ts';
import { INCIDENTS } from './incidents.ts';
import { ITSELF } from './itself.ts';
import { OVERVIEW } from './overview.ts';
import type { DashboardSpec } from './panel.ts';
import { PROCESSES } from './processes.ts';

export const DASHBOARDS: readonly DashboardSpec[] = [OVERVIEW, BLAME, PROCESSES, INCIDENTS, FLEET, ITSELF];

/** Grafana's JSON, by path. */
export const DASHBOARD_FILES: Readonly<Record<string, () => string>> = Object.fromEntries(
  DASHBOARDS.map((spec) => [
    `dashboards/${spec.uid.replace('culprit-', '')}.json`,
    () => `${JSON.stringify(grafanaDashboard(spec), null, 2)}\n`,
  ]),
);
