import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { ConfigSchema } from '../../src/config/schema.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const text = (path: string): string => readFileSync(join(DEPLOY, path), 'utf8');
const compose = parse(text('compose.yaml')) as {
  services: Record<string, Service>;
  volumes: Record<string, null>;
};
const services = Object.values(compose.services);
const mounts = services.flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':') as [string, string]));

/** Every host:port in some text, with its port. */
function ports(of: string): string[] {
  return [...of.matchAll(/(?:localhost|127\.0\.0\.1):(\d+)/g)].map(([, port]) => port!);
}

const listen = String((ConfigSchema.properties.listen as { default?: string }).default);
const flags = services.flatMap(({ command = [] }) => command).join('\n');
const tempo = parse(text('tempo.yaml'));
const collector = parse(text('otel-collector.yaml'));

/** Where each of them listens. */
const LISTENS: Readonly<Record<string, readonly string[]>> = {
  culprit: ports(listen),
  prometheusAndAlertmanager: ports(flags),
  collector: ports(JSON.stringify([collector.receivers, collector.exporters.prometheus])),
  tempo: [String(tempo.server.http_listen_port), ...ports(JSON.stringify(tempo.distributor))],
};

describe('the stack of deploy/compose.yaml', () => {
  it('mounts only what is in the repository, what every host has, or a volume that it makes', () => {
    const missing = mounts
      .map(([from]) => from)
      .filter((from) => !(from.startsWith('.') ? existsSync(join(DEPLOY, from)) : from in compose.volumes))
      .filter((from) => from !== '/' && from !== '/sys');

    assert.deepEqual(missing, []);
  });

  it('has no volume that nobody uses', () => {
    const used = new Set(mounts.map(([from]) => from));

    assert.deepEqual(
      Object.keys(compose.volumes).filter((name) => !used.has(name)),
      [],
    );
  });

  it('finds each configuration where it is mounted', () => {
    const named = services
      .flatMap(({ command = [] }) => command)
      .flatMap((flag) => /config(?:\.file)?=(.*)/.exec(flag)?.[1] ?? []);

    assert.ok(named.length >= 4);
    assert.deepEqual(
      named.filter((path) => !mounts.some(([, to]) => to === path)),
      [],
    );
  });

  it('mounts the secrets where Alertmanager looks for them', () => {
    const wanted = [...readFileSync(join(DEPLOY, '../alerts/alertmanager.yaml'), 'utf8').matchAll(/_file: (.*)/g)];

    assert.equal(wanted.length, 2);
    for (const [, path] of wanted) assert.match(path!, /^\/etc\/alertmanager\/secrets\//);
    assert.ok(mounts.some(([from, to]) => from === './secrets' && to === '/etc/alertmanager/secrets'));
  });

  it('asks nobody where nobody listens', () => {
    const all = Object.values(LISTENS).flat();
    const asked = [
      text('prometheus.yml').replace(/grafana_url.*/, ''),
      JSON.stringify(collector.exporters['otlp/tempo']),
      readFileSync(join(DEPLOY, '../dashboards/provisioning/datasources.yaml'), 'utf8'),
      JSON.stringify(compose.services.culprit?.environment),
    ].flatMap(ports);

    assert.ok(asked.length >= 6);
    assert.deepEqual(
      asked.filter((port) => !all.includes(port)),
      [],
    );
  });

  it('has no two that listen on one port', () => {
    const all = Object.values(LISTENS).flat();

    assert.equal(new Set(all).size, all.length);
  });

  it('is open to nobody but its own host', () => {
    const all = ['compose.yaml', 'tempo.yaml', 'otel-collector.yaml', 'prometheus.yml'].map(text).join('\n');

    assert.doesNotMatch(all, /0\.0\.0\.0|\[::\]|^\s+ports:/m);
    assert.deepEqual(
      services.map(({ network_mode }) => network_mode),
      services.map(() => 'host'),
    );
  });

  it('names the version of each image that is not its own', () => {
    for (const { image, build } of services) if (build === undefined) assert.match(image, /:v?\d+\.\d+\.\d+$/);
  });

  it('builds from a Dockerfile that copies only what there is', () => {
    const { context, dockerfile } = compose.services.culprit!.build!;
    const root = join(DEPLOY, context);
    const lines = readFileSync(join(root, dockerfile), 'utf8').matchAll(/^COPY (?!--from)(.*) \S+$/gm);

    for (const [, sources] of lines)
      for (const source of sources!.split(' ')) assert.ok(existsSync(join(root, source)), source);
  });
});
