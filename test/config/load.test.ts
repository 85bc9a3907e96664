import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { loadConfig, parseListen, shownConfig, signalPush } from '../../src/config/index.ts';
import { SIGNALS } from '../../src/config/otlp-schema.ts';
import { faults, files, load, valid } from './files.ts';

describe('loadConfig', () => {
  it('is content with nothing at all', () => {
    const { config, file, origins } = valid(loadConfig({ readFile: files({}) }));

    assert.equal(config.listen, '127.0.0.1:9464');
    assert.equal(config.kernel.ringBytes, 4_194_304);
    assert.equal(file, undefined);
    assert.deepEqual([...origins], []);
  });

  it('reads the default file when it is there', () => {
    const readFile = files({ '/etc/culprit/culprit.yaml': 'mode: procfs' });

    const { config, file } = valid(loadConfig({ readFile }));

    assert.deepEqual([config.mode, file], ['procfs', '/etc/culprit/culprit.yaml']);
  });

  it('lets flags win over our variables, they over OpenTelemetry, it over the file, it over the defaults', () => {
    const yaml = 'otlp: {endpoint: "http://file:1"}';
    const otel = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:1' };
    const env = { ...otel, CULPRIT_OTLP_ENDPOINT: 'http://env:1' };
    const flags = ['--otlp-endpoint', 'http://flag:1'];

    const endpoints = [
      load(''),
      load(yaml),
      load(yaml, { env: otel }),
      load(yaml, { env }),
      load(yaml, { env, flags }),
    ].map((loaded) => valid(loaded).config.otlp.endpoint);

    assert.deepEqual(endpoints, ['', 'http://file:1', 'http://otel:1', 'http://env:1', 'http://flag:1']);
  });

  it('lets a file chosen by flag win over one chosen by variable', () => {
    const readFile = files({ '/flag': 'mode: bpf', '/variable': 'mode: procfs' });

    const { config } = valid(loadConfig({ flags: ['--config=/flag'], env: { CULPRIT_CONFIG: '/variable' }, readFile }));

    assert.equal(config.mode, 'bpf');
  });

  it('joins maps of all sources name by name', () => {
    const yaml = 'resourceAttributes: {service.name: file, deployment.environment.name: prod}';
    const env = {
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=attribute,k8s.node.name=n%201',
      OTEL_SERVICE_NAME: 'variable',
    };
    const flags = ['--resource-attributes=a=1', '--resource-attributes', 'b=2'];

    assert.deepEqual(valid(load(yaml, { env, flags })).config.resourceAttributes, {
      'service.name': 'variable',
      'deployment.environment.name': 'prod',
      'k8s.node.name': 'n 1',
      a: '1',
      b: '2',
    });
  });

  it('takes numbers and switches from texts', () => {
    const env = { CULPRIT_KERNEL_DRAIN_HZ: '50', CULPRIT_OTLP_INSECURE: 'true', CULPRIT_OTLP_ENDPOINT: 'c:4317' };

    const { config } = valid(load('', { env, flags: ['--kernel-snapshot-seconds=2.5', '--otlp-insecure=false'] }));

    assert.deepEqual([config.kernel.drainHz, config.kernel.snapshotSeconds, config.otlp.insecure], [50, 2.5, false]);
  });

  it("reads OpenTelemetry's milliseconds as seconds, and its own signal's variables over the general ones", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4317',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
      OTEL_METRIC_EXPORT_INTERVAL: '30000',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
    };

    const { otlp } = valid(load('', { env })).config;

    assert.deepEqual([otlp.timeoutSeconds, otlp.intervalSeconds], [2.5, 30]);
    assert.deepEqual(
      SIGNALS.map((name) => signalPush(otlp, name)?.protocol),
      ['http/protobuf', 'grpc', 'grpc'],
    );
  });

  it('sends a signal where OpenTelemetry says for it, as it says, and the others where it says for all', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://all:4317',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=all,x-key=1',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/tls.pem',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces:1/in',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=traces',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '3000',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: '/tls.pem',
      OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: '/tls.pem',
      OTEL_LOGS_EXPORTER: 'none',
    };
    const { otlp } = valid(load('', { env })).config;

    assert.deepEqual(signalPush(otlp, 'traces'), {
      endpoint: 'https://all:4317',
      ownEndpoint: 'https://traces:1/in',
      protocol: 'http/protobuf',
      headers: { 'x-tenant': 'traces', 'x-key': '1' },
      timeoutSeconds: 3,
      compression: 'gzip',
      insecure: false,
      caFile: '/tls.pem',
      certFile: '/tls.pem',
      keyFile: '/tls.pem',
    });
    assert.deepEqual(signalPush(otlp, 'metrics')?.headers, { 'x-tenant': 'all', 'x-key': '1' });
    assert.deepEqual(signalPush(otlp, 'metrics')?.certFile, '');
    assert.equal(signalPush(otlp, 'logs'), undefined);
  });

  it('takes from OpenTelemetry that one signal goes without TLS', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'all:4317',
      OTEL_EXPORTER_OTLP_LOGS_INSECURE: 'true',
    };
    const { otlp } = valid(load('', { env })).config;

    assert.deepEqual([otlp.logs.endpoint, otlp.traces.endpoint, otlp.insecure], ['http://all:4317', '', false]);
  });

  it('pushes nothing when OpenTelemetry is told to be off', () => {
    const yaml = 'otlp: {endpoint: "http://c:4317"}';

    const pushed = (env: Record<string, string>) => {
      const { otlp } = valid(load(yaml, { env })).config;
      return SIGNALS.filter((name) => signalPush(otlp, name) !== undefined);
    };

    assert.deepEqual(pushed({}), ['metrics', 'traces', 'logs']);
    assert.deepEqual(pushed({ OTEL_SDK_DISABLED: 'true' }), []);
    assert.deepEqual(pushed({ OTEL_METRICS_EXPORTER: 'none', OTEL_TRACES_EXPORTER: 'otlp' }), ['traces', 'logs']);
    assert.deepEqual(pushed({ OTEL_METRICS_EXPORTER: 'prometheus', OTEL_TRACES_EXPORTER: 'console' }), ['logs']);
  });

  it('shortens the default timeout to a shorter interval', () => {
    const { otlp } = valid(load('otlp: {endpoint: "http://c:1", intervalSeconds: 5}')).config;

    assert.equal(otlp.timeoutSeconds, 5);
  });

  it('overlooks a bad OpenTelemetry variable that one of ours overrides', () => {
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      CULPRIT_OTLP_PROTOCOL: 'grpc',
      CULPRIT_OTLP_ENDPOINT: 'http://c:1',
    };

    assert.deepEqual(faults(load('', { env })), []);
  });

  it('overlooks empty variables and those of a Kubernetes Service that bears our name', () => {
    const env = {
      CULPRIT_MODE: '',
      CULPRIT_PORT: 'tcp://10.0.0.1:9464',
      CULPRIT_SERVICE_HOST: '10.0.0.1',
      CULPRIT_SERVICE_PORT_METRICS: '9464',
      CULPRIT_PORT_9464_TCP_ADDR: '10.0.0.1',
    };

    assert.deepEqual(faults(load('', { env })), []);
  });

  it('takes a section whose keys are all commented out for an empty one', () => {
    assert.deepEqual(faults(load('otlp:\n  # endpoint: x\nlog:\n')), []);
  });

  it('says where each value came from', () => {
    const { origins } = valid(load('mode: procfs\n', { env: { CULPRIT_LISTEN: ':1' }, flags: ['--log-level=warn'] }));

    assert.deepEqual(
      [...origins],
      [
        ['listen', 'CULPRIT_LISTEN'],
        ['mode', '/c.yaml:1:7'],
        ['log.level', '--log-level'],
      ],
    );
  });

  it('freezes what it gives, to the depths', () => {
    const { config } = valid(load('groups: [{name: a, comm: b}]'));

    assert.throws(() => Object.assign(config.groups[0]!, { name: 'c' }), TypeError);
    assert.throws(() => Object.assign(config.otlp.headers, { a: 'b' }), TypeError);
  });

  it('takes a header from a block of YAML, which ends with a line break', () => {
    const yaml = 'otlp:\n  endpoint: http://c:1\n  headers:\n    authorization: |\n      Bearer hunter2\n';

    const { otlp } = valid(load(yaml)).config;

    assert.deepEqual(signalPush(otlp, 'logs')?.headers, { authorization: 'Bearer hunter2' });
  });

  it('hides secrets where the configuration is shown', () => {
    const { config } = valid(load('otlp: {endpoint: "http://c:1", headers: {authorization: hunter2}}'));

    assert.deepEqual(Object(shownConfig(config).otlp).headers, { authorization: '(hidden)' });
    const own = valid(load('otlp: {endpoint: "http://c:1", traces: {headers: {authorization: hunter2}}}')).config;
    assert.doesNotMatch(JSON.stringify(shownConfig(own)), /hunter2/);
  });
});

describe('parseListen', () => {
  for (const [text, expected] of [
    ['127.0.0.1:9464', { host: '127.0.0.1', port: 9464 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    [':9464', { host: '', port: 9464 }],
    ['localhost:65535', { host: 'localhost', port: 65_535 }],
    ['::1:9464', undefined],
    ['256.0.0.1:1', undefined],
    ['1.2.3:1', undefined],
    ['[zz]:1', undefined],
    ['localhost', undefined],
    ['a b:1', undefined],
    [':65536', undefined],
    ['', undefined],
  ] as const) {
    it(`${expected ? 'takes' : 'refuses'} ${JSON.stringify(text)}`, () =>
      assert.deepEqual(parseListen(text), expected));
  }
});
