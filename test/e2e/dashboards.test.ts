import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Place } from '../../bench/harness/place.ts';
import { Actor } from '../../scenarios/stage/actor.ts';
import { troublePath } from '../../scenarios/stage/stage.ts';
import { draw } from '../dashboards/draw.ts';
import { type Answered, type Dashboard, type Drawn, dashboards, type Target } from '../dashboards/files.ts';
import { Exporter } from '../support/exporter.ts';
import { Prometheus } from '../support/prometheus.ts';
import { requirement } from '../support/require.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

/** `npm run draw:dashboards` keeps the pictures; a test only makes them. */
const PICTURES = process.env.CULPRIT_PICTURES ?? scratch;

/** What panels are about, all of it at once. */
const TROUBLES: readonly (readonly [string, readonly (string | number)[], object?])[] = [
  ['api.service', ['spin', 1, 8_000, 2_000]],
  ['batch.service', ['spin', 4, 1_000, 0]],
  ['cron.service', ['storm', 150]],
  ['reports.service', ['spin', 1, 1_000, 0], { quota: 0.05 }],
  ['proxy.service', ['files', 4]],
  ['cache.service', ['leak', 4_096, 400]],
];
const SHOWN_SECONDS = 45;

/** Nothing happens here that these would show: no disk that anybody waits for, nothing lost, no limit reached, nobody to push to. */
const EMPTY = [
  'Waiting for a disk and for memory',
  'Storage IO',
  'Major faults',
  'Exits that were not well',
  'OTLP pushes',
  'Events lost',
];

describe('the dashboards, of a host in trouble', { skip: requirement('bpf', 'prometheus') }, () => {
  const places: Place[] = [];
  let exporter: Exporter;
  let prometheus: Prometheus;
  let answers: ReadonlyMap<Dashboard, readonly Answered[]>;

  before(async () => {
    exporter = await Exporter.start();
    prometheus = await Prometheus.start({ culprit: new URL(exporter.url).host });
    for (const [name, words, limits] of TROUBLES) {
      const place = new Place(`culprit-dashboards-${name}`, limits);
      places.push(place);
      const actor = await Actor.start(place, [troublePath(), ...words.map(String)]);
      actor.go();
    }
    const from = Date.now() / 1_000;
    await until(() => Date.now() / 1_000 - from > SHOWN_SECONDS, { withinMs: 120_000 });
    const to = Date.now() / 1_000;
    answers = new Map(
      await Promise.all(dashboards.map(async (each) => [each, await answersOf(each, prometheus, from, to)] as const)),
    );
  });

  after(async () => {
    for (const place of places) place.kill();
    for (const place of places) await place.remove();
    await prometheus?.stop();
    await exporter?.stop();
  });

  it('answer in each panel that this is about', () => {
    const empty = [...answers].flatMap(([{ uid }, panels]) =>
      panels
        .filter(({ panel, results }) => panel.type !== 'row' && results.every((result) => result.length === 0))
        .map(({ panel }) => `${uid}: ${panel.title}`),
    );

    assert.deepEqual(
      empty.filter((name) => !EMPTY.some((title) => name.endsWith(`: ${title}`))),
      [],
    );
  });

  it('name each series by what its legend says, and no two alike', () => {
    const wrong = [...answers].flatMap(([{ uid }, panels]) =>
      panels
        .filter(({ panel }) => panel.type === 'timeseries')
        .flatMap(({ panel, results }) =>
          results
            .map((result) => result.map(({ name }) => name))
            .filter((names) => names.some((name) => name.trim() === '') || new Set(names).size < names.length)
            .map((names) => `${uid}: ${panel.title}: ${names.join(', ')}`),
        ),
    );

    assert.deepEqual(wrong, []);
  });

  it('say who made whom wait', () => {
    const matrix = [...answers]
      .flatMap(([, panels]) => panels)
      .find(({ panel }) => panel.title === 'Who made whom wait');
    const pairs = matrix!.results.flat().map(({ metric }) => `${metric.victim} behind ${metric.offender}`);

    assert.equal(
      pairs.some((pair) => /api\.service behind .*batch\.service/.test(pair)),
      true,
      pairs.join('; '),
    );
  });

  it('can be looked at', { skip: requirement('chromium') }, () => {
    mkdirSync(PICTURES, { recursive: true });

    for (const [{ uid, title }, panels] of answers) {
      const file = join(PICTURES, `${uid.replace('culprit-', '')}.png`);
      draw(title, panels, file);
      assert.equal(statSync(file).size > 20_000, true, `${file} is a picture of something`);
    }
  });
});

function answersOf(dashboard: Dashboard, prometheus: Prometheus, from: number, to: number): Promise<Answered[]> {
  return Promise.all(
    dashboard.panels.map(async (panel) => {
      const targets = panel.targets ?? [];
      return { panel, from, to, results: await Promise.all(targets.map((each) => answer(each, prometheus, from, to))) };
    }),
  );
}

async function answer(target: Target, prometheus: Prometheus, from: number, to: number): Promise<Drawn[]> {
  const expr = target.expr
    .replaceAll(/\$(?:instance|namespace|workload)\b/g, '.*')
    .replaceAll('$__rate_interval', '8s')
    .replaceAll('$__range', `${Math.ceil(to - from)}s`);
  const series = target.instant
    ? (await prometheus.query(expr, to)).map(({ metric, value }) => ({ metric, values: [value] }))
    : await prometheus.range(expr, from, to, 1);
  return series.map(({ metric, values }) => ({ metric, values, name: named(target.legendFormat, metric) }));
}

function named(legend: string, metric: Readonly<Record<string, string>>): string {
  return legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '');
}
