import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE, grafanaPanel } from './grafana-panel.ts';
import type { DashboardSpec } from './panel.ts';

const TAG = 'culprit';

/** The SDK's own builder of it is no data query, as its types say that a target must be. Functions do not get into JSON. */
const BY_TAG = { type: 'tags', tags: [TAG], matchAny: false, limit: 100, _implementsDataqueryVariant() {} };

/** Where the values of a variable come from. */
const VARIABLES = {
  instance: { label: 'Host', query: 'label_values(culprit_build_info, instance)' },
  namespace: {
    label: 'Namespace',
    query: 'label_values(culprit_process_lifetime_seconds_count{instance=~"$instance"}, k8s_namespace_name)',
  },
  workload: {
    label: 'Workload',
    query: 'label_values(culprit_process_lifetime_seconds_count{instance=~"$instance"}, workload)',
  },
} as const;

/** Without an id or a version: those are the Grafana's that it is put into. */
export function grafanaDashboard({ uid, title, description, variables, rows }: DashboardSpec): Dashboard {
  const dashboard = new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Culprit')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  for (const name of variables) dashboard.withVariable(variableOf(name));
  for (const annotation of annotations()) dashboard.annotation(annotation);
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) dashboard.withPanel(grafanaPanel(panel));
  }
  return dashboard.build();
}

function variableOf(name: keyof typeof VARIABLES): QueryVariableBuilder {
  const { label, query } = VARIABLES[name];
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

/** From Prometheus always; by tag where something writes annotations, such as the analyst. */
function annotations(): AnnotationQueryBuilder[] {
  return [
    new AnnotationQueryBuilder()
      .name('Incidents')
      .datasource(DATASOURCE)
      .enable(true)
      .iconColor('red')
      .expr('sum by (instance, detector, group, workload) (culprit_incident_active{instance=~"$instance"}) > 0')
      .step('30s')
      .titleFormat('{{detector}}')
      .textFormat('{{group}} of {{workload}} on {{instance}}')
      .tagKeys('detector,instance'),
    new AnnotationQueryBuilder()
      .name('Explanations')
      .datasource({ type: 'grafana', uid: '-- Grafana --' })
      .enable(true)
      .iconColor('purple')
      .target({ build: () => BY_TAG }),
  ];
}
