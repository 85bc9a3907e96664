import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { faults, load } from './files.ts';

const COLLECTOR = 'endpoint: "https://c:4317"';

describe('keys that are valid alone', () => {
  for (const [what, yaml, expected] of [
    [
      'a certificate without its key',
      `otlp: {${COLLECTOR}, certFile: /tls.pem}`,
      ['1:46 | otlp.certFile | needs otlp.keyFile as well'],
    ],
    [
      'a key without its certificate',
      `otlp: {${COLLECTOR}, keyFile: /tls.pem}`,
      ['1:45 | otlp.keyFile | needs otlp.certFile as well'],
    ],
    [
      'authorities for a plain connection',
      'otlp: {endpoint: "http://c:1", caFile: /tls.pem}',
      ['1:40 | otlp.caFile | has no use without TLS: the endpoint is http:// or insecure'],
    ],
    [
      'https without TLS',
      `otlp: {${COLLECTOR}, insecure: true}`,
      ['1:46 | otlp.insecure | contradicts the endpoint https://c:4317'],
    ],
    [
      'a push that outlasts its interval',
      `otlp: {${COLLECTOR}, intervalSeconds: 5, timeoutSeconds: 6}`,
      ['1:72 | otlp.timeoutSeconds | expected at most otlp.intervalSeconds (5); got 6'],
    ],
    [
      'http/protobuf to an endpoint without a scheme',
      'otlp: {endpoint: "c:4318", protocol: http/protobuf}',
      ['1:18 | otlp.endpoint | expected http:// or https:// with the protocol http/protobuf; got "c:4318"'],
    ],
    [
      "a signal's certificate without its key",
      `otlp: {${COLLECTOR}, traces: {certFile: /tls.pem}}`,
      ['1:55 | otlp.traces.certFile | needs otlp.traces.keyFile as well'],
    ],
    [
      "authorities for a signal's plain connection",
      `otlp: {${COLLECTOR}, logs: {endpoint: "http://c:1", caFile: /tls.pem}}`,
      ['1:75 | otlp.logs.caFile | has no use without TLS: the endpoint is http:// or insecure'],
    ],
    [
      'http/protobuf to an endpoint of one signal without a scheme',
      `otlp: {${COLLECTOR}, traces: {endpoint: "c:4318", protocol: http/protobuf}}`,
      ['1:55 | otlp.traces.endpoint | expected http:// or https:// with the protocol http/protobuf; got "c:4318"'],
    ],
    [
      "a signal's push to nowhere",
      'otlp: {logs: {compression: gzip}}',
      ['1:28 | otlp.logs.compression | is not used without otlp.endpoint'],
    ],
    [
      'a stop before the step down',
      'kernel: {stepDownPercent: 2, stopPercent: 1}',
      ['1:43 | kernel.stopPercent | expected at least kernel.stepDownPercent (2); got 1'],
    ],
    ['a push to nowhere', 'otlp: {compression: gzip}', ['1:21 | otlp.compression | is not used without otlp.endpoint']],
    [
      'a ring without probes',
      'mode: procfs\nkernel: {ringBytes: 65536}',
      ['2:21 | kernel.ringBytes | is not used in the mode procfs'],
    ],
    ['a size of no recording', 'recordMebibytes: 5', ['1:18 | recordMebibytes | is not used without record']],
  ] as const) {
    it(`are refused together: ${what}`, () => assert.deepEqual(faults(load(yaml)), expected));
  }

  it('are accepted where they make sense', () => {
    const yaml = `otlp: {${COLLECTOR}, certFile: /tls.pem, keyFile: /tls.pem, caFile: /tls.pem, headers: {a: b}}`;

    assert.deepEqual(faults(load(yaml)), []);
    assert.deepEqual(faults(load('otlp: {endpoint: "c:4317", insecure: true}')), []);
    assert.deepEqual(
      faults(load('otlp: {endpoint: "http://c:1", caFile: /tls.pem, logs: {endpoint: "https://c:1"}}')),
      [],
    );
    assert.deepEqual(faults(load('otlp: {traces: {endpoint: "https://c:1", headers: {a: b}}}')), []);
    assert.deepEqual(faults(load('kernel: {ringBytes: 65536}')), []);
    assert.deepEqual(faults(load('recordMebibytes: 5', { flags: ['--record', 'mine'] })), []);
  });

  it('do not accuse what is used once the faulty endpoint is mended', () => {
    assert.equal(faults(load('otlp: {endpoint: "ftp://c", headers: {a: b}}')).length, 1);
  });

  it('do not accuse the file when the push is turned off from above', () => {
    const yaml = `otlp: {${COLLECTOR}, compression: gzip}`;

    assert.deepEqual(faults(load(yaml, { flags: ['--otlp-endpoint='] })), []);
    assert.deepEqual(faults(load(yaml, { env: { OTEL_SDK_DISABLED: 'true' } })), []);
  });

  it("do not accuse OpenTelemetry's variables, which are other programs' too", () => {
    assert.deepEqual(
      faults(load('', { env: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_TRACES_SAMPLER: 'x' } })),
      [],
    );
  });
});
