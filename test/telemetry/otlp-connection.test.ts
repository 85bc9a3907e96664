import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metadata } from '@grpc/grpc-js';
import { metadataOf } from '../../src/telemetry/otlp/connection.ts';

describe('a header that gRPC can not carry', () => {
  it('is refused by its name, for its value may be a secret', () => {
    const headers = { 'x-tenant': 'blue', authorization: 'Bearer hunter2\n' };

    assert.throws(() => metadataOf(headers, new Metadata()), { message: "gRPC can't carry the header authorization" });
  });
});
