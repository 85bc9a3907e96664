import { stringify } from 'yaml';
import { type AlertRule, type RuleGroup, stemOf } from './rule.ts';

/**
 * Where Grafana and the runbooks are: `external_labels` of Prometheus say so, and without them it is the Grafana of
 * `deploy/compose.yaml`, and the exporter itself, which serves the runbooks of its own version.
 */
const GRAFANA = '{{ with $externalLabels.grafana_url }}{{ . }}{{ else }}http://localhost:3000{{ end }}';
const RUNBOOKS =
  '{{ with $externalLabels.runbooks_url }}{{ . }}{{ else }}' +
  'http://{{ with $labels.instance }}{{ . }}{{ else }}localhost:9464{{ end }}/runbooks{{ end }}';
const OF_INSTANCE = '{{ with $labels.instance }}?var-instance={{ . | urlquery }}{{ end }}';

/** A file of alert rules, in YAML. */
export function ruleFile({ subject, source, rules }: RuleGroup): string {
  const groups = [{ name: `culprit-${subject}`, rules: rules.map(ruleOf) }];
  return `# Generated from ${source}. Do not edit.\n${stringify({ groups }, { lineWidth: 0 })}`;
}

function ruleOf(rule: AlertRule): object {
  const { alert, expr, for: held, severity, summary, description, dashboard } = rule;
  return {
    alert,
    expr,
    ...(held !== undefined && { for: held }),
    labels: {
      ...(severity !== undefined && { severity }),
      // What most routes and silences know a tenant by. An empty label is none.
      namespace: '{{ $labels.k8s_namespace_name }}',
    },
    annotations: {
      summary,
      description,
      runbook_url: `${RUNBOOKS}/${stemOf(alert)}`,
      dashboard_url: `${GRAFANA}/d/${dashboard}${OF_INSTANCE}`,
    },
  };
}
