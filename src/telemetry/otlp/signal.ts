import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** What a collector said of a batch that it took: how many of it it did not keep, and why. */
export interface Receipt {
  readonly rejected: number;
  readonly message: string;
}

/** A signal on the wire. */
export interface Signal<Item> {
  /** By gRPC. */
  readonly method: string;
  /** By HTTP, below the endpoint. */
  readonly path: string;
  encode(items: Item[]): Uint8Array;
  /** Throws on what is no answer. */
  decode(answer: Uint8Array): Receipt;
}

export const TRACES: Signal<ReadableSpan> = {
  method: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  path: 'v1/traces',
  encode: (spans) => encoded(ProtobufTraceSerializer.serializeRequest(spans)),
  decode(answer) {
    const { partialSuccess } = ProtobufTraceSerializer.deserializeResponse(answer);
    return receipt(partialSuccess?.rejectedSpans, partialSuccess?.errorMessage);
  },
};

export const LOGS: Signal<ReadableLogRecord> = {
  method: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
  path: 'v1/logs',
  encode: (records) => encoded(ProtobufLogsSerializer.serializeRequest(records)),
  decode(answer) {
    const { partialSuccess } = ProtobufLogsSerializer.deserializeResponse(answer);
    return receipt(partialSuccess?.rejectedLogRecords, partialSuccess?.errorMessage);
  },
};

function encoded(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new TypeError('the serializer made nothing of a batch');
  return bytes;
}

function receipt(rejected = 0, message = ''): Receipt {
  return { rejected: Number(rejected), message };
}
