import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { prometheusName } from '../../src/telemetry/name.ts';
import { createProducer } from '../../src/telemetry/otlp/producer.ts';
import type { Sheets } from '../../src/telemetry/rows.ts';
import { SHEET_FAMILIES } from '../../src/telemetry/table.ts';

/** OpenTelemetry's own, without the scope's labels and the target that would only make it slower. */
export const stockSerializer: PrometheusSerializer = new PrometheusSerializer(undefined, false, undefined, true, true);

/** The sheets as data points for it, which knows no unit suffixes: they are given to it. */
export async function stockMetrics(sheets: Sheets): Promise<ResourceMetrics> {
  const producer = createProducer(
    sheets,
    '0',
    () => 0,
    () => 0,
  );
  const { resourceMetrics } = await producer.collect();
  const scopeMetrics = resourceMetrics.scopeMetrics.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.map(suffixed),
  }));
  return { ...resourceMetrics, scopeMetrics };
}

/** The reference, given the two things in which ours differs: OpenMetrics' bounds, and the target. */
export function stockPage(metrics: ResourceMetrics): string {
  return `${stockSerializer.serialize(metrics).replace(/le="(\d+)"/g, 'le="$1.0"')}\ntarget_info 1\n`;
}

function suffixed(metric: MetricData): MetricData {
  const family = SHEET_FAMILIES.find(({ name }) => name === metric.descriptor.name)!;
  const name = prometheusName(family.name, family.unit, family.kind);
  return { ...metric, descriptor: { ...metric.descriptor, name } };
}
