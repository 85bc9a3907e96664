import * as Type from 'typebox';

/** What is pushed. OpenTelemetry's variables name them so. */
export const SIGNALS = ['metrics', 'traces', 'logs'] as const;
export type SignalName = (typeof SIGNALS)[number];

/** In a signal's section: what `otlp` itself says. */
export const SAME = 'same';

/** Where and how metrics and incidents are pushed. `OTEL_EXPORTER_OTLP_*` fill the same keys. */
export const OtlpSchema = Type.Object(
  {
    endpoint: Type.String({
      default: '',
      format: 'http-url-or-empty',
      description: 'The OpenTelemetry collector, such as "http://localhost:4317"; empty pushes nothing.',
    }),
    protocol: Type.Enum(['grpc', 'http/protobuf'], { default: 'grpc', description: 'How the collector is spoken to.' }),
    headers: headers('Headers (gRPC: metadata) sent with each push, such as authorization.'),
    timeoutSeconds: Type.Number({
      default: 10,
      minimum: 0.1,
      maximum: 300,
      description: 'How long one push may take; by itself never longer than the interval.',
    }),
    intervalSeconds: Type.Number({
      default: 15,
      minimum: 1,
      maximum: 3_600,
      description: 'Time between pushes of metrics. Incidents are pushed at once.',
    }),
    compression: Type.Enum(['none', 'gzip'], { default: 'none', description: 'Compression of what is pushed.' }),
    insecure: Type.Boolean({
      default: false,
      description: 'Without TLS to a gRPC endpoint that names no scheme, "collector:4317".',
    }),
    caFile: certificate("The authorities that the collector's certificate is checked against; empty is the system's."),
    certFile: certificate('Our certificate for the collector; needs keyFile.'),
    keyFile: certificate('The key of our certificate; needs certFile.'),
    metrics: signal('metrics', 'Whether metrics are pushed.'),
    traces: signal('traces', 'Whether a span is pushed for each incident that is over.'),
    logs: signal('logs', 'Whether a log event is pushed when an incident is opened, and when it is over.'),
  },
  { additionalProperties: false },
);

/** What one signal has of its own. */
function signal(name: SignalName, enabled: string) {
  const own = (key: string) => `Of ${name} only, instead of otlp.${key}`;
  return Type.Object(
    {
      enabled: Type.Boolean({ default: true, description: enabled }),
      endpoint: Type.String({
        default: '',
        format: 'http-url-or-empty',
        description: `The full URL for ${name}, where it is not otlp.endpoint (with /v1/${name} for http/protobuf).`,
      }),
      protocol: Type.Enum([SAME, 'grpc', 'http/protobuf'], { default: SAME, description: `${own('protocol')}.` }),
      headers: headers(`Headers for ${name} only, beside otlp.headers; of two with one name these win.`),
      timeoutSeconds: Type.Number({
        default: 0,
        minimum: 0,
        maximum: 300,
        description: `${own('timeoutSeconds')}; 0 is the same.`,
      }),
      compression: Type.Enum([SAME, 'none', 'gzip'], { default: SAME, description: `${own('compression')}.` }),
      caFile: certificate(`${own('caFile')}.`),
      certFile: certificate(`${own('certFile')}, as keyFile is.`),
      keyFile: certificate(`${own('keyFile')}, as certFile is.`),
    },
    { additionalProperties: false },
  );
}

function headers(description: string) {
  return Type.Record(Type.String(), Type.String({ maxLength: 8192, format: 'header-value' }), {
    propertyNames: { format: 'header-name' },
    default: {},
    writeOnly: true,
    description,
  });
}

function certificate(description: string) {
  return Type.String({ default: '', format: 'absolute-path-or-empty', description: `${description} PEM.` });
}
