import * as Type from 'typebox';

/** Where and how metrics are pushed. `OTEL_EXPORTER_OTLP_*` fill the same keys. */
export const OtlpSchema = Type.Object(
  {
    endpoint: Type.String({
      default: '',
      format: 'http-url-or-empty',
      description: 'The OpenTelemetry collector, such as "http://localhost:4317"; empty pushes nothing.',
    }),
    metricsEndpoint: Type.String({
      default: '',
      format: 'http-url-or-empty',
      description: 'The full URL for metrics, where it is not the endpoint (with /v1/metrics for http/protobuf).',
    }),
    protocol: Type.Enum(['grpc', 'http/protobuf'], { default: 'grpc', description: 'How the collector is spoken to.' }),
    headers: Type.Record(Type.String(), Type.String({ maxLength: 8192 }), {
      default: {},
      writeOnly: true,
      description: 'Headers (gRPC: metadata) sent with each push, such as authorization.',
    }),
    timeoutSeconds: Type.Number({
      default: 10,
      minimum: 0.1,
      maximum: 300,
      description: 'How long one push may take; by itself never longer than the interval.',
    }),
    intervalSeconds: Type.Number({ default: 15, minimum: 1, maximum: 3_600, description: 'Time between pushes.' }),
    compression: Type.Enum(['none', 'gzip'], { default: 'none', description: 'Compression of what is pushed.' }),
    insecure: Type.Boolean({
      default: false,
      description: 'Without TLS to a gRPC endpoint that names no scheme, "collector:4317".',
    }),
    caFile: certificate("The authorities that the collector's certificate is checked against; empty is the system's."),
    certFile: certificate('Our certificate for the collector; needs keyFile.'),
    keyFile: certificate('The key of our certificate; needs certFile.'),
  },
  { additionalProperties: false },
);

function certificate(description: string) {
  return Type.String({ default: '', format: 'absolute-path-or-empty', description: `${description} PEM.` });
}
