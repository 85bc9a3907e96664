import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { Exporter } from '../support/exporter.ts';
import { sampleKey, samplesOf } from '../support/page.ts';
import { Prometheus, type Series } from '../support/prometheus.ts';
import { promtoolFindings } from '../support/promtool.ts';
import { requirement } from '../support/require.ts';
import { shells } from '../support/shells.ts';
import { until } from '../support/until.ts';
import { startWitness, type Witness } from '../support/witness.ts';

/** What Prometheus adds to each scrape about the scrape. */
const OWN = /^(?:up|scrape_\w+)$/;
const SCRAPES = 5;

describe('a Prometheus that scrapes Culprit', { skip: requirement('bpf', 'prometheus', 'promtool') }, () => {
  let exporter: Exporter;
  let prometheus: Prometheus;
  let witnesses: Record<'openmetrics' | 'classic', Witness>;

  before(async () => {
    exporter = await Exporter.start();
    witnesses = {
      openmetrics: await startWitness(exporter.url),
      classic: await startWitness(exporter.url, 'text/plain;version=0.0.4'),
    };
    prometheus = await Prometheus.start({
      openmetrics: witnesses.openmetrics.address,
      classic: witnesses.classic.address,
    });
    await until(
      async () => (await prometheus.samples('up')).filter(({ values }) => values.length > SCRAPES).length === 2,
    );
  });

  after(async () => {
    await prometheus?.stop();
    for (const witness of Object.values(witnesses ?? {})) witness.close();
    await exporter?.stop();
  });

  it('takes OpenMetrics, compressed, as it asks for; and the classic text where that is all there is', () => {
    const forms = Object.entries(witnesses).map(([job, { pages }]) => [
      job,
      [...new Set(pages.map(({ status, encoding, contentType }) => `${status} ${encoding} ${contentType}`))],
    ]);

    assert.deepEqual(forms, [
      ['openmetrics', ['200 gzip application/openmetrics-text; version=1.0.0; charset=utf-8']],
      ['classic', ['200 gzip text/plain; version=0.0.4; charset=utf-8']],
    ]);
  });

  for (const job of ['openmetrics', 'classic'] as const) {
    it(`finds it up at every scrape, and loses no sample (${job})`, async () => {
      const counted = async (name: string) => valuesOf(await prometheus.samples(`${name}{job="${job}"}`));
      const up = await counted('up');
      const scraped = await counted('scrape_samples_scraped');
      const kept = await counted('scrape_samples_post_metric_relabeling');
      const shown = witnesses[job].pages.map(({ text }) => samplesOf(text).size);

      assert.deepEqual([...new Set(up)], [1]);
      assert.ok(scraped.length > SCRAPES && kept.length >= scraped.length);
      assert.deepEqual(scraped, shown.slice(0, scraped.length));
      assert.deepEqual(kept.slice(0, scraped.length), scraped);
    });

    it(`knows each sample as the page had it, by name, labels and value (${job})`, async () => {
      const [scrapes] = await prometheus.samples(`scrape_samples_scraped{job="${job}"}`);
      const last = scrapes!.values.length - 1;

      const known = await prometheus.query(`{job="${job}"}`, scrapes!.values[last]![0]);

      assert.deepEqual(samplesBy(known), new Map([...samplesOf(witnesses[job].pages[last]!.text)].toSorted()));
    });
  }

  it('takes the exemplars: which process it was that lived so long', async (t) => {
    const cgroup = new Cgroup(`culprit-exemplars-${process.pid}`);
    t.after(() => cgroup.remove());

    await cgroup.run(['sh', '-c', shells(1)]);
    const [series] = await until(async () => {
      const found = await prometheus.exemplars(`culprit_process_lifetime_seconds_bucket{workload="${cgroup.path}"}`);
      return found.length > 0 && found;
    });

    const { labels, value } = series!.exemplars.at(-1)!;
    assert.match(JSON.stringify(labels), /^\{"process_executable_name":"(?:true|sh|dash)","process_pid":"\d+"\}$/);
    assert.ok(Number(value) > 0 && Number(value) <= Number(series!.seriesLabels.le));
  });

  it('has nothing to complain of, and neither has promtool', async () => {
    assert.deepEqual(prometheus.complaints(), []);
    assert.equal(promtoolFindings(await exporter.page()), '');
  });

  it('sees at once when it is gone, and that its series are', async () => {
    await exporter.stop();

    await until(async () => (await prometheus.query('up == 0')).length === 2);
    assert.deepEqual(await prometheus.query('culprit_build_info'), []);
  });
});

function valuesOf(series: readonly { readonly values: readonly (readonly [number, string])[] }[]): number[] {
  return series.flatMap(({ values }) => values.map(([, value]) => Number(value)));
}

function samplesBy(series: readonly Series[]): Map<string, number> {
  const samples = series
    .filter(({ metric }) => !OWN.test(metric.__name__!))
    .map(({ metric: { __name__: name, job, instance, ...labels }, value }): [string, number] => [
      sampleKey(name!, labels),
      Number(value[1].replace('Inf', 'Infinity')),
    ]);
  return new Map(samples.toSorted());
}
