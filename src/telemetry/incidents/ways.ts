import { resourceFromAttributes } from '@opentelemetry/resources';
import type { OtlpOptions } from '../otlp/connection.ts';
import { SCOPE } from '../otlp/scope.ts';
import { LOGS, type Signal, TRACES } from '../otlp/signal.ts';
import type { Delivery } from '../outbox/outbox.ts';
import { logRecordOf } from './log-record.ts';
import { spanOf } from './span.ts';
import type { Teller } from './teller.ts';
import type { Told } from './told.ts';

/* All of OpenTelemetry that incidents need, to be loaded at once and late. */

export { routeDiagnostics } from '../otlp/diagnostics.ts';

export function openTraces(options: OtlpOptions, teller: Teller): Promise<Delivery<Told>> {
  return open(
    made(TRACES, (told) => spanOf(told, teller)),
    options,
  );
}

export function openLogs(options: OtlpOptions, teller: Teller): Promise<Delivery<Told>> {
  return open(
    made(LOGS, (told) => logRecordOf(told, teller)),
    options,
  );
}

/** The same objects for all: what is sent together is grouped by them. */
export function tellerOf(resource: Readonly<Record<string, string>>, version: string): Teller {
  return { resource: resourceFromAttributes({ ...resource }), instrumentationScope: { name: SCOPE, version } };
}

function made<Item>(signal: Signal<Item>, make: (told: Told) => Item): Signal<Told> {
  return { ...signal, encode: (told) => signal.encode(told.map(make)) };
}

/** Only the protocol that is wanted is loaded: gRPC is megabytes. */
async function open<Item>(signal: Signal<Item>, options: OtlpOptions): Promise<Delivery<Item>> {
  if (options.protocol === 'grpc') return (await import('../otlp/grpc-delivery.ts')).grpcDelivery(signal, options);
  return (await import('../otlp/http-delivery.ts')).httpDelivery(signal, options);
}
