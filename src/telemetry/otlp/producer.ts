import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { told } from '../precision.ts';
import { columnIndex, type Rows, SHEET_NAMES, type SheetName, type Sheets } from '../rows.ts';
import { type HistogramFamily, type NumberFamily, SHEET_FAMILIES, type SheetFamily } from '../table.ts';
import { RowAttributes, toHrTime } from './attributes.ts';
import { SCOPE } from './scope.ts';

type AttributesOf = Readonly<Record<SheetName, RowAttributes>>;

/**
 * The sheets as OpenTelemetry's data points, cumulative, each with the true start of its row.
 *
 * It bridges numbers that were summed elsewhere; the SDK keeps nothing of them, so a row that is closed is gone from the next push.
 */
export function createProducer(
  sheets: Sheets,
  version: string,
  wallOffsetMs: () => number,
  unixMs: () => number,
): MetricProducer {
  const attributesOf = Object.fromEntries(
    SHEET_NAMES.map((name) => [name, new RowAttributes(sheets[name], wallOffsetMs)]),
  ) as AttributesOf;

  return {
    async collect(): Promise<CollectionResult> {
      const endTime = toHrTime(unixMs());
      const metrics = SHEET_FAMILIES.map((family) => metricOf(family, sheets, attributesOf, endTime));
      const seen = metrics.filter(({ dataPoints }) => dataPoints.length > 0);
      const scopeMetrics = [{ scope: { name: SCOPE, version }, metrics: seen }];
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
  };
}

function metricOf(family: SheetFamily, sheets: Sheets, attributesOf: AttributesOf, endTime: HrTime): MetricData {
  const rows = sheets[family.sheet];
  const attributes = attributesOf[family.sheet];
  const common = {
    descriptor: { name: family.name, unit: family.unit, description: family.help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (family.kind === 'histogram') {
    const dataPoints = histogramPoints(family, rows, attributes, endTime);
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = numberPoints(family, rows, attributes, endTime);
  return family.kind === 'gauge'
    ? { ...common, dataPointType: DataPointType.GAUGE, dataPoints }
    : { ...common, dataPointType: DataPointType.SUM, isMonotonic: family.kind === 'counter', dataPoints };
}

function numberPoints(family: NumberFamily, rows: Rows, known: RowAttributes, endTime: HrTime): DataPoint<number>[] {
  const points: DataPoint<number>[] = [];
  for (const { column, labels } of family.cells) {
    const values = rows.columns[columnIndex(rows, column)]!;
    for (let index = 0; index < rows.size; index++) {
      const slot = rows.live[index]!;
      const value = told(values[slot]!);
      if (Number.isNaN(value)) continue;
      const { attributes, startTime } = known.of(slot);
      points.push({ attributes: { ...labels, ...attributes }, startTime, endTime, value });
    }
  }
  return points;
}

function histogramPoints(
  family: HistogramFamily,
  rows: Rows,
  known: RowAttributes,
  endTime: HrTime,
): DataPoint<Histogram>[] {
  const columns = family.buckets.map((column) => columnIndex(rows, column));
  const sumColumn = columnIndex(rows, family.sum);
  const points: DataPoint<Histogram>[] = [];
  for (let index = 0; index < rows.size; index++) {
    const slot = rows.live[index]!;
    const counts = columns.map((column) => rows.columns[column]![slot]!);
    const sum = told(rows.columns[sumColumn]![slot]!);
    if (counts.some(Number.isNaN) || Number.isNaN(sum)) continue;
    const count = counts.reduce((total, bucket) => total + bucket, 0);
    const { attributes, startTime } = known.of(slot);
    const value = { buckets: { boundaries: [...family.bounds], counts }, sum, count };
    points.push({ attributes, startTime, endTime, value });
  }
  return points;
}
