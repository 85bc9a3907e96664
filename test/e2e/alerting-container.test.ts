import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { containersUnavailable, Podman } from '../containers/engine.ts';
import { leaking } from '../containers/leak.ts';
import { Alertmanager, Inbox } from '../support/alertmanager.ts';
import { Exporter } from '../support/exporter.ts';
import { Prometheus } from '../support/prometheus.ts';
import { requirement } from '../support/require.ts';
import { until } from '../support/until.ts';

/** From the beginning of the leak until somebody's telephone rings; it takes a dozen seconds to its limit. */
const TOLD_WITHIN_MS = 45_000;
const MEMORY_BYTES = 64 << 20;
const skip = containersUnavailable() || requirement('prometheus', 'prometheus-alertmanager');

describe('the way of an alert of a container that leaks until it is killed', { skip }, () => {
  let podman: Podman;
  let inbox: Inbox;
  let alertmanager: Alertmanager;
  let exporter: Exporter;
  let prometheus: Prometheus;

  before(async () => {
    podman = await Podman.create();
    await podman.serve();
    inbox = await Inbox.open();
    alertmanager = await Alertmanager.start(inbox);
    exporter = await Exporter.start(
      `workloads: { dockerSockets: ['${podman.socket}'], criSockets: [] }\ndetectors: { clearSeconds: 3, oomKill: { windowSeconds: 20 } }`,
    );
    prometheus = await Prometheus.startAsShipped(new URL(exporter.url).host, alertmanager.address);
    await until(async () => (await prometheus.query('up{job="culprit"} == 1')).length > 0);
  });

  after(async () => {
    inbox?.close();
    await prometheus?.stop();
    await alertmanager?.stop();
    await exporter?.stop();
    await podman?.close();
  });

  it('ends in Slack and in PagerDuty within 45 s, with container and host, and so does its end', async (t) => {
    const { host } = new URL(exporter.url);
    const about = [/CulpritOomKill/, /leaky-cart/, new RegExp(host)];
    const received = (path: string, ...patterns: readonly RegExp[]) =>
      until(() => inbox.find(path, ...about, ...patterns), { withinMs: 150_000, what: `a message at ${path}` });
    const beganAt = Date.now();
    await podman.startLimited('leaky-cart', { memoryBytes: MEMORY_BYTES }, leaking(0.08));

    const slack = await received('/slack', /\/runbooks\/oom-kill/);
    const pager = await received('/pagerduty', /"event_action":"trigger"/, /"severity":"critical"/);
    await received('/pagerduty', /"event_action":"resolve"/);

    const tookMs = [slack, pager].map(({ at }) => at - beganAt);
    t.diagnostic(`told after ${tookMs.join(' and ')} ms`);
    assert.ok(Math.max(...tookMs) <= TOLD_WITHIN_MS, tookMs.join(', '));
  });

  it('says nothing of memory beside the kill, in PagerDuty', () => {
    const others = inbox.received.filter(({ path, text }) => path === '/pagerduty' && /leaky-cart/.test(text));

    assert.deepEqual(
      others.filter(({ text }) => !/CulpritOomKill/.test(text)).map(({ text }) => text),
      [],
    );
  });
});
