import type { ExportResult } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { SelfSample } from '../self.ts';

type Outcome = 'ok' | 'error';

/**
 * Counts pushes by outcome around an exporter, and tells when they begin to fail and when they are well again: two lines for an
 * outage, however long.
 */
export class CountedExporter implements PushMetricExporter {
  readonly #inner: PushMetricExporter;
  readonly #log: (message: string) => void;
  readonly #counts: Record<Outcome, number> = { ok: 0, error: 0 };
  #failing = false;

  constructor(inner: PushMetricExporter, log: (message: string) => void) {
    this.#inner = inner;
    this.#log = log;
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    this.#inner.export(metrics, (result) => {
      this.#count(result);
      done(result);
    });
  }

  selectAggregationTemporality(...[type]: Parameters<NonNullable<PushMetricExporter['selectAggregationTemporality']>>) {
    return this.#inner.selectAggregationTemporality!(type);
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  readings(): SelfSample[] {
    return Object.entries(this.#counts).map(([outcome, value]) => ({
      family: 'culprit.otlp.exports',
      labels: { signal: 'metrics', outcome },
      value,
    }));
  }

  /** `ExportResultCode.SUCCESS` is 0. */
  #count({ code, error }: ExportResult): void {
    const failed = code !== 0;
    this.#counts[failed ? 'error' : 'ok'] += 1;
    if (failed !== this.#failing) {
      this.#log(failed ? `OTLP push fails: ${error?.message ?? 'no reason given'}` : 'OTLP push works again');
    }
    this.#failing = failed;
  }
}
