/**
 * Loaded into the exporter before it starts (`--import`): OTLP traces and logs, which nothing of ours sends yet, so that
 * their memory is in the figures from the beginning. From their own files, not from the bundle: rather too much than too little.
 */
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const url = process.env.CULPRIT_BENCH_COLLECTOR ?? '';
const tracers = new TracerProvider({
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
});
const loggers = new LoggerProvider({
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }) })],
});
tracers.getTracer('bench').startSpan('loaded').end();
loggers.getLogger('bench').emit({ eventName: 'loaded' });
