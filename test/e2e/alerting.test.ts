import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Place } from '../../bench/harness/place.ts';
import { Actor } from '../../scenarios/stage/actor.ts';
import { troublePath } from '../../scenarios/stage/stage.ts';
import { Alertmanager, Inbox, type Received } from '../support/alertmanager.ts';
import { Exporter } from '../support/exporter.ts';
import { Prometheus } from '../support/prometheus.ts';
import { requirement } from '../support/require.ts';
import { until } from '../support/until.ts';

/** From the beginning of the trouble until somebody's telephone rings. */
const TOLD_WITHIN_MS = 45_000;
/** The group's interval of a minute, a scrape, an evaluation, and the time that an incident takes to be over. */
const OVER_WITHIN_MS = 120_000;
const CONFIG = 'detectors: { clearSeconds: 3 }';

describe('the way of an alert', { skip: requirement('bpf', 'prometheus', 'prometheus-alertmanager') }, () => {
  const places: Place[] = [];
  let inbox: Inbox;
  let alertmanager: Alertmanager;
  let exporter: Exporter;
  let prometheus: Prometheus;
  let host: string;
  let beganAt: number;

  before(async () => {
    inbox = await Inbox.open();
    alertmanager = await Alertmanager.start(inbox);
    exporter = await Exporter.start(CONFIG);
    host = new URL(exporter.url).host;
    prometheus = await Prometheus.startAsShipped(host, alertmanager.address);
    await until(async () => (await prometheus.query('up{job="culprit"} == 1')).length > 0);
    beganAt = Date.now();
    await start('cron.service', ['storm', 400]);
    // One thread would wait just a tenth of the time: so much CPU is its fair share.
    await start('api.service', ['spin', 2, 8_000, 2_000]);
    await start('batch.service', ['spin', 8, 1_000, 0]);
  });

  after(async () => {
    inbox?.close();
    for (const place of places) place.kill();
    for (const place of places) await place.remove();
    await prometheus?.stop();
    await alertmanager?.stop();
    await exporter?.stop();
  });

  async function start(name: string, words: readonly (string | number)[]): Promise<void> {
    const place = new Place(`culprit-alerting-${name}`);
    places.push(place);
    (await Actor.start(place, [troublePath(), ...words.map(String)])).go();
  }

  const received = (path: string, ...patterns: readonly RegExp[]): Promise<Received> =>
    until(() => inbox.find(path, ...patterns), {
      withinMs: 150_000,
      what: `a message at ${path} with ${patterns.join(', ')}`,
    });

  it('ends in Slack and in PagerDuty within 45 s, with culprit, workload and host', async (t) => {
    const storm = [/CulpritForkStorm|Fork storm/, /trouble/, /culprit-alerting-cron\.service/, new RegExp(host)];

    const slack = await received('/slack', ...storm, /\/runbooks\/fork-storm/, /\/d\/culprit-incidents/);
    const pager = await received('/pagerduty', ...storm, /"event_action":"trigger"/, /"severity":"critical"/);

    const tookMs = [slack, pager].map(({ at }) => at - beganAt);
    t.diagnostic(`told after ${tookMs.join(' and ')} ms`);
    assert.equal(
      tookMs.every((ms) => ms <= TOLD_WITHIN_MS),
      true,
      tookMs.join(', '),
    );
  });

  it('tells of a noisy neighbour in Slack, with its victim, and pages nobody', async () => {
    const neighbour = [/CulpritNoisyNeighbour/, /culprit-alerting-batch\.service/, /culprit-alerting-api\.service/];

    await received('/slack', ...neighbour);

    assert.equal(inbox.find('/pagerduty', /CulpritNoisyNeighbour/), undefined);
  });

  it('tells nobody of what a storm brings along', async () => {
    const inhibited = await until(async () => {
      const ofStorm = (await alertmanager.alerts()).filter(({ labels }) => labels.workload?.includes('cron.service'));
      const beside = ofStorm.filter(({ labels }) => /ForkBurst|ShortLivedChurn/.test(labels.alertname ?? ''));
      return beside.length > 0 && beside;
    });

    assert.deepEqual(
      inhibited.filter(({ status }) => status.inhibitedBy.length === 0).map(({ labels }) => labels.alertname),
      [],
    );
    assert.equal(inbox.find('/slack', /CulpritForkBurst|CulpritShortLivedChurn/), undefined);
  });

  it('says that it is over when it is', async () => {
    const [storm] = places;
    storm!.kill();
    const endedAt = Date.now();

    const pager = await received('/pagerduty', /"event_action":"resolve"/);
    const slack = await received('/slack', /CulpritForkStorm\* \(critical, over\)/);

    assert.equal(
      [pager, slack].every(({ at }) => at > endedAt && at - endedAt < OVER_WITHIN_MS),
      true,
    );
  });

  it('pages somebody when the exporter itself is gone, and says nothing else of that host any more', async () => {
    await exporter.stop();

    const pager = await received('/pagerduty', /CulpritDown|does not answer/, /trigger/, new RegExp(host));
    const stillTold = (await alertmanager.alerts()).filter(
      ({ labels, status }) => labels.alertname !== 'CulpritDown' && status.state === 'active',
    );

    assert.match(pager.text, /Nobody watches that host/);
    assert.deepEqual(
      stillTold.map(({ labels }) => labels.alertname),
      [],
    );
    assert.deepEqual(alertmanager.complaints(), []);
  });
});
