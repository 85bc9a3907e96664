import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratch } from './scratch.ts';

const PUBLISHED = join(fileURLToPath(import.meta.resolve('otlp-protos/package.json')), '../build/protos');

/** What opentelemetry-proto has added since the definitions that npm has: by file, after which line comes what. */
const SINCE: readonly (readonly [file: string, after: string, addition: string])[] = [
  ['logs/v1/logs.proto', 'message LogRecord {', 'string event_name = 12;'],
  [
    'collector/logs/v1/logs_service.proto',
    'message ExportLogsServiceResponse {',
    partialSuccess('rejected_log_records'),
  ],
  ['collector/trace/v1/trace_service.proto', 'message ExportTraceServiceResponse {', partialSuccess('rejected_spans')],
];

/** The folder of OpenTelemetry's own definitions, as they are today. */
export function otlpDefinitions(): string {
  const folder = join(scratch, 'otlp');
  cpSync(PUBLISHED, folder, { recursive: true });
  for (const [file, after, addition] of SINCE) {
    const path = join(folder, 'opentelemetry/proto', file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(after)) throw new Error(`${file} has no line "${after}"`);
    writeFileSync(path, before.replace(after, `${after}\n  ${addition}`));
  }
  return folder;
}

function partialSuccess(rejected: string): string {
  return `message Partial { int64 ${rejected} = 1; string error_message = 2; }\n  Partial partial_success = 1;`;
}
