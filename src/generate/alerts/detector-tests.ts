import { stringify } from 'yaml';
import type { DetectorRule } from './detectors.ts';

const ROW =
  'group="sh",workload="cron.service",workload_kind="unit",victim="web.service",instance="host1:9464",job="culprit"';

/** A promtool test of a detector's alert: it fires while an incident is open, and at no other detector's. */
export function detectorTest({ id, alert, summary, description }: DetectorRule): string {
  const series = (name: string, detector: string, values: string) => ({
    series: `${name}{detector="${detector}",severity="critical",${ROW}}`,
    values,
  });
  const tests = [
    {
      interval: '15s',
      name: 'fires while an incident is open, and ends with it',
      input_series: [
        series('culprit_incident_active', id, '_x3 1x7 stale'),
        series('culprit_incident_peak_ratio', id, '_x3 2.5x7 stale'),
      ],
      alert_rule_test: [expect('30s', []), expect('1m', [FIRING]), expect('6m', [])],
    },
    {
      interval: '15s',
      name: 'is silent at the incidents of others',
      input_series: [
        series('culprit_incident_active', 'another', '1x20'),
        series('culprit_incident_peak_ratio', 'another', '9x20'),
      ],
      alert_rule_test: [expect('2m', [])],
    },
  ];
  const file = { rule_files: ['../rules/detectors.yaml'], evaluation_interval: '15s', tests };
  return `# Generated from src/core/detect/${id}.ts. Do not edit.\n${stringify(file, { lineWidth: 0 })}`;

  function expect(at: string, alerts: readonly object[]): object {
    const filled = (text: string) => fill(text, FIRING, 2.5);
    return {
      eval_time: at,
      alertname: alert,
      exp_alerts: alerts.map((labels) => ({
        exp_labels: { detector: id, ...labels },
        exp_annotations: {
          summary: filled(summary),
          description: filled(description),
          runbook_url: `http://host1:9464/runbooks/${id}`,
          dashboard_url: 'http://localhost:3000/d/culprit-incidents?var-instance=host1%3A9464',
        },
      })),
    };
  }
}

const FIRING = {
  severity: 'critical',
  group: 'sh',
  workload: 'cron.service',
  workload_kind: 'unit',
  victim: 'web.service',
  instance: 'host1:9464',
  job: 'culprit',
};

/** What Prometheus makes of the few templates that detectors' alerts use. */
function fill(text: string, labels: Readonly<Record<string, string>>, value: number): string {
  return text
    .replace(
      /\{\{ with \$labels\.(\w+) \}\}(.*?)(?:\{\{ else \}\}.*?)?\{\{ end \}\}/g,
      (_, name: string, then: string) => then.replaceAll('{{ . }}', labels[name] ?? ''),
    )
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '')
    .replace('{{ $value | printf "%.1f" }}', value.toFixed(1));
}
