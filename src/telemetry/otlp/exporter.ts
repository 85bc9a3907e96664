import { readFileSync } from 'node:fs';
import type { Metadata } from '@grpc/grpc-js';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';

/** Where and how to push, resolved; empty strings are absent. */
export interface OtlpOptions {
  /** `http://collector:4317`; without a scheme TLS, unless `insecure`. */
  readonly endpoint: string;
  /** The full URL for metrics, where it is not made of the endpoint. */
  readonly metricsEndpoint?: string;
  readonly protocol: 'grpc' | 'http/protobuf';
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly intervalSeconds: number;
  readonly compression: 'none' | 'gzip';
  readonly insecure: boolean;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * OpenTelemetry's own exporter for the protocol. Only the one that is wanted is loaded: each is megabytes.
 *
 * Throws when a certificate can't be read. What the options leave open the exporter still takes from `OTEL_EXPORTER_OTLP_*`.
 */
export function createExporter(options: OtlpOptions): Promise<PushMetricExporter> {
  return options.protocol === 'grpc' ? grpcExporter(options) : httpExporter(options);
}

async function grpcExporter(options: OtlpOptions): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-grpc');
  const { credentials, Metadata } = await import('@grpc/grpc-js');
  const url = withScheme(options.metricsEndpoint || options.endpoint, options.insecure);
  const { ca, cert, key } = readFiles(options);
  const hasFiles = ca !== undefined || cert !== undefined;

  return new OTLPMetricExporter({
    ...(await commonConfig(options)),
    url,
    metadata: metadataOf(options.headers, new Metadata()),
    ...(url.startsWith('http://') || !hasFiles ? {} : { credentials: credentials.createSsl(ca, key, cert) }),
  });
}

async function httpExporter(options: OtlpOptions): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
  const { ca, cert, key } = readFiles(options);
  const hasFiles = ca !== undefined || cert !== undefined;
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return new OTLPMetricExporter({
    ...(await commonConfig(options)),
    url: options.metricsEndpoint || httpUrl(withScheme(options.endpoint, options.insecure)),
    headers: { ...options.headers },
    ...(hasFiles ? { httpAgentOptions: { keepAlive: true, ...files } } : {}),
  });
}

async function commonConfig({ timeoutSeconds, intervalSeconds, compression }: OtlpOptions) {
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

function metadataOf(headers: OtlpOptions['headers'], metadata: Metadata): Metadata {
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function withScheme(endpoint: string, insecure: boolean): string {
  return /^\w+:\/\//.test(endpoint) || endpoint.startsWith('unix:')
    ? endpoint
    : `${insecure ? 'http' : 'https'}://${endpoint}`;
}

/** The endpoint is a base for all signals. */
function httpUrl(endpoint: string): string {
  return endpoint.endsWith('/v1/metrics') ? endpoint : `${endpoint.replace(/\/+$/, '')}/v1/metrics`;
}

function readFiles({ caFile, certFile, keyFile }: OtlpOptions) {
  const read = (path: string) => (path === '' ? undefined : readFileSync(path));
  return { ca: read(caFile), cert: read(certFile), key: read(keyFile) };
}
