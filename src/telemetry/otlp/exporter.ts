import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { filesOf, metadataOf, type OtlpOptions, urlOf } from './connection.ts';

const PATH = 'v1/metrics';

export interface MetricsOptions extends OtlpOptions {
  readonly intervalSeconds: number;
}

/**
 * OpenTelemetry's own exporter for the protocol. Only the one that is wanted is loaded: each is megabytes.
 *
 * Throws when a certificate can't be read. What the options leave open the exporter still takes from `OTEL_EXPORTER_OTLP_*`.
 */
export function createExporter(options: MetricsOptions): Promise<PushMetricExporter> {
  return options.protocol === 'grpc' ? grpcExporter(options) : httpExporter(options);
}

async function grpcExporter(options: MetricsOptions): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-grpc');
  const { credentials, Metadata } = await import('@grpc/grpc-js');
  const url = urlOf(options, PATH);
  const { ca, cert, key } = filesOf(options);
  const hasFiles = ca !== undefined || cert !== undefined;

  const config = {
    ...(await commonConfig(options)),
    url: url.href,
    metadata: metadataOf(options.headers, new Metadata()),
    ...(url.protocol === 'http:' || !hasFiles ? {} : { credentials: credentials.createSsl(ca, key, cert) }),
  };
  try {
    return new OTLPMetricExporter(config);
  } catch (error) {
    if (!String(error).includes('illegal characters')) throw error;
    // It reads the environment itself, also what is overridden and so not judged, and quotes what it can't send.
    throw new Error("gRPC can't carry a header of OTEL_EXPORTER_OTLP_HEADERS or OTEL_EXPORTER_OTLP_METRICS_HEADERS");
  }
}

async function httpExporter(options: MetricsOptions): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
  const files = filesOf(options);
  return new OTLPMetricExporter({
    ...(await commonConfig(options)),
    url: urlOf(options, PATH).href,
    headers: { ...options.headers },
    ...(Object.keys(files).length > 0 ? { httpAgentOptions: { keepAlive: true, ...files } } : {}),
  });
}

async function commonConfig({ timeoutSeconds, intervalSeconds, compression }: MetricsOptions) {
  const { AggregationTemporality } = await import('@opentelemetry/sdk-metrics');
  const { CompressionAlgorithm } = await import('@opentelemetry/otlp-exporter-base');
  return {
    timeoutMillis: Math.min(timeoutSeconds, intervalSeconds) * 1e3,
    compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
    temporalityPreference: AggregationTemporality.CUMULATIVE,
    // One push at a time; a second would only pile up behind a collector that does not answer.
    concurrencyLimit: 2,
  };
}
