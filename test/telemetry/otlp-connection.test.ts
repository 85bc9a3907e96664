import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { metadataOf } from '../../src/telemetry/otlp/connection.ts';
import { createExporter } from '../../src/telemetry/otlp/exporter.ts';
import { OPTIONS } from './otlp-source.ts';

describe('a header that gRPC can not carry', () => {
  it('is refused by its name, for its value may be a secret', () => {
    const headers = { 'x-tenant': 'blue', authorization: 'Bearer hunter2\n' };

    assert.throws(() => metadataOf(headers, new Metadata()), { message: "gRPC can't carry the header authorization" });
  });

  it('is not quoted either where only the library reads it, from an environment that we override', async (t) => {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = 'authorization=Bearer%20hunter2%0A';
    t.after(() => delete process.env.OTEL_EXPORTER_OTLP_HEADERS);

    await assert.rejects(
      createExporter({ ...OPTIONS, endpoint: 'http://127.0.0.1:9', headers: { authorization: 'mine' } }),
      {
        message: "gRPC can't carry a header of OTEL_EXPORTER_OTLP_HEADERS or OTEL_EXPORTER_OTLP_METRICS_HEADERS",
      },
    );
  });
});
