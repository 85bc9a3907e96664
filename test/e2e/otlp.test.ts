import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { describe, it, type TestContext } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { type Collector, grpcCollector, httpCollector } from '../support/collector.ts';
import { type Circumstances, Exporter } from '../support/exporter.ts';
import { attributesOf, metricsOf, received } from '../support/otlp.ts';
import { samplesOf } from '../support/page.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';
import { shells, truthOf } from '../support/shells.ts';
import { AT_ONCE_MS, until } from '../support/until.ts';

const OUTBOX = ['depth', 'sent_total', 'retries_total', 'dropped_total'].map((name) => `culprit_outbox_${name}`);

const PROTOCOLS = [
  ['grpc', grpcCollector],
  ['http/protobuf', httpCollector],
] as const;

async function running(t: TestContext, config: string, circumstances: Circumstances = {}): Promise<Exporter> {
  const exporter = await Exporter.start(config, circumstances);
  t.after(() => exporter.stop('SIGKILL'));
  return exporter;
}

async function collecting(t: TestContext, starting: Promise<Collector>): Promise<Collector> {
  const collector = await starting;
  t.after(() => collector.close());
  return collector;
}

const pushing = (endpoint: string, protocol = 'grpc') =>
  `otlp: {endpoint: "${endpoint}", protocol: ${protocol}, intervalSeconds: 1, timeoutSeconds: 1}`;

/** The samples of a cgroup, and those that never change: what two looks at different times can be held against each other by. */
function quietOnes(samples: ReadonlyMap<string, number>, { path }: Cgroup): Map<string, number> {
  const isQuiet = (key: string) =>
    key.includes(`["workload",${JSON.stringify(path)}]`) || /^(?:culprit_(?:build_info|mode|map_capacity))/.test(key);
  return new Map([...samples].filter(([key]) => isQuiet(key)).toSorted());
}

function series(samples: ReadonlyMap<string, number>): string[] {
  return [...samples.keys()].filter((key) => !key.startsWith('target_info')).sort();
}

function exports(samples: readonly Sample[], outcome: 'ok' | 'error'): number {
  return sum([...samples], 'culprit_otlp_exports_total', { signal: 'metrics', outcome });
}

describe('a collector', { skip: requirement('bpf') }, () => {
  for (const [protocol, start] of PROTOCOLS) {
    it(`receives by ${protocol} the samples that a scrape shows`, async (t) => {
      const cgroup = new Cgroup(`culprit-otlp-${process.pid}`);
      t.after(() => cgroup.remove());
      const collector = await collecting(t, start());
      const exporter = await running(t, pushing(collector.endpoint, protocol));
      await cgroup.run(['sh', '-c', shells(1)]);
      const { exits } = truthOf(1);
      await exporter.settle((page) => sum(page, 'culprit_process_exits_total', { workload: cgroup.path }) === exits);

      // Others live on this host, so a look right after a push may differ from it by who came in between; not for long.
      const [pushed, shown] = await until(async () => {
        const before = collector.requests.length;
        await until(() => collector.requests.length > before);
        const looks = [received(collector.requests.slice(before)), samplesOf(await exporter.page())] as const;
        return String(series(looks[0])) === String(series(looks[1])) && looks;
      });

      assert.deepEqual(quietOnes(pushed, cgroup), quietOnes(shown, cgroup));
      assert.ok(quietOnes(pushed, cgroup).size > 40);
    });
  }

  it('is told who speaks: the host, and what the environment adds', async (t) => {
    const collector = await collecting(t, grpcCollector());
    await running(t, 'otlp: {intervalSeconds: 1}', {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.namespace=e2e',
      },
    });

    await until(() => collector.requests.length > 0);
    const { resource } = collector.requests[0]!.resourceMetrics[0]!;
    const { 'service.instance.id': instance, ...rest } = attributesOf(resource);

    assert.match(instance!, /^[0-9a-f]{8}-[0-9a-f]{4}-5/);
    assert.equal(rest['host.name'], hostname());
    assert.equal(rest['host.id'], machineId());
    assert.deepEqual(
      ['service.name', 'os.type', 'deployment.environment.name', 'service.namespace'].map((name) => rest[name]),
      ['culprit', 'linux', 'test', 'e2e'],
    );
    assert.equal('process.pid' in rest, false);
  });

  it("is found by OpenTelemetry's variables alone, http/protobuf too", async (t) => {
    const collector = await collecting(t, httpCollector());
    await running(t, '', {
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=blue',
        OTEL_METRIC_EXPORT_INTERVAL: '1000',
      },
    });

    await until(() => collector.requests.length > 0);

    assert.equal(collector.headers()['x-tenant'], 'blue');
    assert.ok(metricsOf(collector.requests).some(({ name }) => name === 'culprit.processes'));
  });

  it('receives the last counts when Culprit is told to stop', async (t) => {
    const cgroup = new Cgroup(`culprit-last-${process.pid}`);
    t.after(() => cgroup.remove());
    const collector = await collecting(t, grpcCollector());
    const exporter = await running(t, `otlp: {endpoint: "${collector.endpoint}", intervalSeconds: 3600}`);
    await cgroup.run(['sh', '-c', shells(1)]);
    await exporter.settle((page) => sum(page, 'culprit_process_exits_total', { workload: cgroup.path }) === 25);

    assert.equal(await exporter.stop(), 0);

    const exits = [...received(collector.requests)].filter(
      ([key]) => key.startsWith('culprit_process_exits_total') && key.includes(cgroup.path),
    );
    assert.equal(
      exits.reduce((total, [, value]) => total + value, 0),
      25,
    );
  });

  it('that nobody names is not looked for', async (t) => {
    const collector = await collecting(t, grpcCollector());
    const exporter = await running(t, '', {
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_SDK_DISABLED: 'true' },
    });

    assert.equal(await exporter.stop(), 0);

    assert.deepEqual(collector.requests, []);
  });
});

describe('a collector that is not there', { skip: requirement('bpf') }, () => {
  it('changes nothing but the count of failed pushes', async (t) => {
    const cgroup = new Cgroup(`culprit-dead-${process.pid}`);
    t.after(() => cgroup.remove());
    const exporter = await running(t, pushing('http://127.0.0.1:1'));
    const without = await running(t, '');
    await cgroup.run(['sh', '-c', shells(1)]);

    const samples = await exporter.settle(
      (page) =>
        exports(page, 'error') >= 2 && sum(page, 'culprit_process_exits_total', { workload: cgroup.path }) === 25,
    );

    // Incidents that are open on this host are another matter, and one of the two may find them sooner.
    const names = (page: readonly Sample[]) =>
      new Set(page.map(({ name }) => name).filter((name) => !/^culprit_incident_(?:active|peak_ratio)$/.test(name)));
    const more = ['culprit_otlp_exports_total', ...OUTBOX];
    const plain = await without.settle((page) => names(samples).symmetricDifference(names(page)).size === more.length);
    assert.deepEqual([...names(samples).symmetricDifference(names(plain))], more);
    assert.ok(exports(samples, 'error') >= 2);
    assert.equal(exports(samples, 'ok'), 0);
    assert.equal(sum(samples, 'culprit_process_exits_total', { workload: cgroup.path }), 25);
    assert.deepEqual(await exporter.json('/-/ready'), { ready: true, mode: 'bpf', degraded: [] });
    assert.equal(exporter.logged().filter(({ msg }) => msg.includes('OTLP push fails')).length, 1);
  });

  for (const [what, start] of [
    ['takes pushes by gRPC and never answers', (t: TestContext) => hung(t, 'grpc')],
    ['takes pushes by http/protobuf and never answers', (t: TestContext) => hung(t, 'http/protobuf')],
    ['takes connections and says nothing', silent],
  ] as const) {
    it(`does not hold up the end: one that ${what}`, async (t) => {
      const { endpoint, protocol, isBusy } = await start(t);
      const exporter = await running(t, `otlp: {endpoint: "${endpoint}", protocol: ${protocol}, intervalSeconds: 1}`);
      await until(isBusy);
      const began = performance.now();

      const end = await exporter.stop();

      const tookMs = performance.now() - began;
      assert.equal(end, 0);
      assert.ok(tookMs < AT_ONCE_MS, `it took ${tookMs} ms`);
    });
  }
});

async function hung(t: TestContext, protocol: 'grpc' | 'http/protobuf') {
  const starting = protocol === 'grpc' ? grpcCollector({ answers: false }) : httpCollector(0, { answers: false });
  const collector = await collecting(t, starting);
  return { endpoint: collector.endpoint, protocol, isBusy: () => collector.requests.length > 0 };
}

async function silent(t: TestContext) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { endpoint: `http://127.0.0.1:${port}`, protocol: 'grpc', isBusy: () => sockets.length > 0 };
}

/** A system that was never booted has none. */
function machineId(): string | undefined {
  const file = '/etc/machine-id';
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
