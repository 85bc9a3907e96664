import { prometheusName } from '../../src/telemetry/name.ts';
import { TABLE } from '../../src/telemetry/table.ts';
import { sampleKey } from './page.ts';

/* What a collector receives, as far as tests look at it. */

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

interface AnyValue {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
}

export interface Resource {
  readonly attributes: readonly KeyValue[];
}

export interface Point {
  readonly attributes: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}

interface Points {
  readonly dataPoints: readonly Point[];
  readonly aggregationTemporality?: string;
  readonly isMonotonic?: boolean;
}

export interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly description: string;
  readonly sum?: Points;
  readonly gauge?: Points;
  readonly histogram?: Points;
}

export interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource: Resource;
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly Metric[];
    }[];
  }[];
}

export interface Span {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId?: Buffer;
  readonly name: string;
  readonly kind: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  readonly events?: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes?: readonly KeyValue[];
  }[];
  readonly links?: readonly { readonly traceId: Buffer; readonly spanId: Buffer }[];
  readonly status?: { readonly code?: string; readonly message?: string };
}

export interface LogRecord {
  readonly eventName: string;
  readonly timeUnixNano: string;
  readonly severityNumber: string;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly KeyValue[];
  readonly traceId: Buffer;
  readonly spanId: Buffer;
}

export interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly { readonly scope: { readonly name: string }; readonly spans: readonly Span[] }[];
  }[];
}

export interface LogsRequest {
  readonly resourceLogs: readonly {
    readonly resource: Resource;
    readonly scopeLogs: readonly {
      readonly scope: { readonly name: string };
      readonly logRecords: readonly LogRecord[];
    }[];
  }[];
}

export function spansOf(requests: readonly TracesRequest[]): Span[] {
  return requests.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
}

export function logRecordsOf(requests: readonly LogsRequest[]): LogRecord[] {
  return requests.flatMap(({ resourceLogs }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
  );
}

/** Attributes as they were given, numbers and lists included. */
export function valuesByName({ attributes }: { readonly attributes?: readonly KeyValue[] }): Record<string, unknown> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plain(value)]));
}

function plain({ stringValue, intValue, doubleValue, arrayValue }: KeyValue['value']): unknown {
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(plain);
  return stringValue ?? doubleValue ?? (intValue === undefined ? undefined : Number(intValue));
}

/** What Prometheus makes of a push, by OpenTelemetry's translation: values by the key of the sample. */
export function received(requests: readonly MetricsRequest[]): Map<string, number> {
  const samples = new Map<string, number>();
  for (const metric of metricsOf(requests)) {
    const kind = TABLE.find(({ name }) => name === metric.name)!.kind;
    const name = prometheusName(metric.name, metric.unit ?? '', kind);
    for (const point of pointsOf(metric)) {
      for (const [suffix, labels, value] of valuesOf(point)) {
        samples.set(sampleKey(name + suffix, { ...attributesOf(point), ...labels }), value);
      }
    }
  }
  return samples;
}

export function metricsOf(requests: readonly MetricsRequest[]): Metric[] {
  return requests.flatMap(({ resourceMetrics }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics)),
  );
}

export function pointsOf({ sum, gauge, histogram }: Metric): readonly Point[] {
  return (sum ?? gauge ?? histogram!).dataPoints;
}

export function attributesOf({ attributes }: { readonly attributes?: readonly KeyValue[] }): Record<string, string> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, value.stringValue!]));
}

function valuesOf(point: Point): [string, Record<string, string>, number][] {
  if (point.bucketCounts === undefined) return [['', {}, point.asDouble ?? Number(point.asInt ?? 0)]];
  let cumulative = 0;
  const buckets = point.bucketCounts.map((count, index): [string, Record<string, string>, number] => {
    const bound = point.explicitBounds![index];
    cumulative += Number(count);
    return ['_bucket', { le: bound === undefined ? '+Inf' : floatText(bound) }, cumulative];
  });
  return [...buckets, ['_sum', {}, point.sum!], ['_count', {}, Number(point.count ?? 0)]];
}

function floatText(bound: number): string {
  return Number.isInteger(bound) ? `${bound}.0` : `${bound}`;
}
