import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Metadata, type ServiceDefinition, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { scratch } from './scratch.ts';

/** As googleapis defines them, in google/rpc/status.proto and google/rpc/error_details.proto. */
const DEFINITIONS = `
  syntax = "proto3";
  package google.rpc;
  import "google/protobuf/any.proto";
  import "google/protobuf/duration.proto";
  message Status { int32 code = 1; string message = 2; repeated google.protobuf.Any details = 3; }
  message RetryInfo { google.protobuf.Duration retry_delay = 1; }
  message DebugInfo { repeated string stack_entries = 1; string detail = 2; }
  service Any {
    rpc status(Status) returns (Status);
    rpc retry(RetryInfo) returns (RetryInfo);
    rpc debug(DebugInfo) returns (DebugInfo);
  }
`;

const file = join(scratch, 'status.proto');
writeFileSync(file, DEFINITIONS);
const { 'google.rpc.Any': service } = loadSync(file);

type Message = 'status' | 'retry' | 'debug';

function encoded(message: Message, fields: object): Buffer {
  const { [message]: definition } = service as ServiceDefinition;
  return definition!.requestSerialize(fields);
}

function any(message: Message, name: string, fields: object) {
  return { type_url: `type.googleapis.com/google.rpc.${name}`, value: encoded(message, fields) };
}

/** A gRPC error that asks for another try after so long, or says only that one is worth it; beside other details, as servers send them. */
export function retryable(
  code: number,
  delay?: { readonly seconds: number; readonly nanos: number },
): Partial<ServiceError> {
  const details = [
    any('debug', 'DebugInfo', { detail: 'the queue is full' }),
    any('retry', 'RetryInfo', { retryDelay: delay }),
  ];
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encoded('status', { code, message: 'busy', details }));
  return { code, details: 'busy', metadata };
}
