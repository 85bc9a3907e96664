import type { MetricsOptions } from './otlp/exporter.ts';
import { SCOPE } from './otlp/scope.ts';
import type { Sheets } from './rows.ts';
import type { SelfReading, SelfSample } from './self.ts';

export type { MetricsOptions } from './otlp/exporter.ts';

/** About 0.9 MB; collectors refuse messages over 4 MiB. */
const BATCH_POINTS_MAX = 5_000;
const CLOSE_MS = 3_000;

export interface OtlpSource {
  readonly sheets: Sheets;
  readonly self: SelfReading;
  readonly resource: Readonly<Record<string, string>>;
  readonly version: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** What added to monotonic milliseconds makes Unix time. */
  readonly wallOffsetMs: () => number;
  readonly log: (message: string) => void;
}

export interface Otlp {
  /** Pushes so far, by outcome: a part of what Culprit tells of itself. */
  readings(): SelfSample[];
  /** Pushes now. Never rejects: failure is counted. */
  flush(): Promise<void>;
  /**
   * Pushes a last time and gives up after 3 s. Never rejects, and may be called twice.
   * `flushed` is false when the last push failed or was given up.
   */
  close(): Promise<{ flushed: boolean }>;
}

/**
 * Begins to push the sheets and what Culprit tells of itself.
 *
 * Everything of OpenTelemetry is loaded here and not before: who does not push does not pay for it. Rejects when an option is
 * unusable or a certificate can't be read; a collector that can't be reached is no error, only counted.
 */
export async function openOtlp(options: MetricsOptions, source: OtlpSource): Promise<Otlp> {
  const [{ MeterProvider, PeriodicExportingMetricReader }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/resources'),
  ]);
  const { createExporter } = await import('./otlp/exporter.ts');
  const { CountedExporter } = await import('./otlp/counted.ts');
  const { createProducer } = await import('./otlp/producer.ts');
  const { observeSelf } = await import('./otlp/instruments.ts');
  const { routeDiagnostics } = await import('./otlp/diagnostics.ts');

  routeDiagnostics(source.log, source.now);
  const exporter = new CountedExporter(await createExporter(options), source.log);
  const unixMs = () => source.now() + source.wallOffsetMs();
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: options.intervalSeconds * 1e3,
    exportTimeoutMillis: Math.min(options.timeoutSeconds, options.intervalSeconds) * 1e3,
    maxExportBatchSize: BATCH_POINTS_MAX,
    metricProducers: [createProducer(source.sheets, source.version, source.wallOffsetMs, unixMs)],
  });
  const provider = new MeterProvider({ resource: resourceFromAttributes({ ...source.resource }), readers: [reader] });
  observeSelf(provider.getMeter(SCOPE, source.version), source.self);

  let closing: Promise<{ flushed: boolean }> | undefined;
  return {
    readings: () => exporter.readings(),
    flush: () => provider.forceFlush().catch((error: unknown) => source.log(`OTLP push fails: ${error}`)),
    close: () => (closing ??= close(provider, exporter)),
  };
}

async function close(
  provider: { shutdown(): Promise<void> },
  exporter: { readings(): SelfSample[] },
): Promise<{ flushed: boolean }> {
  const errors = () => exporter.readings().find(({ labels }) => labels.outcome === 'error')?.value;
  const errorsBefore = errors();
  let timer: NodeJS.Timeout | undefined;
  const gaveUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS, true);
  });
  const ended = provider
    .shutdown()
    .then(() => false)
    .catch(() => true);
  const failed = await Promise.race([ended, gaveUp]);
  clearTimeout(timer);
  return { flushed: !failed && errors() === errorsBefore };
}
