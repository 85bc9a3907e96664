import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Cgroup } from '../support/cgroup.ts';
import { type Collector, grpcCollector } from '../support/collector.ts';
import { Exporter } from '../support/exporter.ts';
import { valuesByName } from '../support/otlp.ts';
import { requirement } from '../support/require.ts';
import { sum } from '../support/samples.ts';
import { pathOf } from '../support/store-path.ts';
import { until } from '../support/until.ts';
import { ENDLESS_STORM, eventsOf, spanOf, spansOfIncident, stormOf, watching } from './storms.ts';

/** Runs of Culprit one after the other, on one store and with one collector, in a cgroup where storms are. */
async function runs(t: TestContext) {
  const cgroup = new Cgroup(`culprit-lost-${process.pid}`);
  const collector = await grpcCollector();
  const store = `store: {path: ${pathOf()}}`;
  let running: Exporter | undefined;
  t.after(async () => {
    await running?.stop('SIGKILL');
    cgroup.kill();
    await until(() => cgroup.isEmpty());
    cgroup.remove();
    collector.close();
  });
  return {
    cgroup,
    collector,
    async start(): Promise<Exporter> {
      running = await Exporter.start(
        `${watching('culprit-lost')}\n${store}\notlp: {endpoint: "${collector.endpoint}"}`,
      );
      return running;
    },
  };
}

/** What is told comes in the order in which it was told: behind this nothing of an earlier incident can be on its way. */
async function anotherStorm(exporter: Exporter, cgroup: Cgroup, collector: Collector): Promise<void> {
  const storm = cgroup.run(['perl', '-e', ENDLESS_STORM]);
  const { id } = await until(() => stormOf(exporter, cgroup, 'open'));
  cgroup.kill();
  await storm;
  await until(() => spanOf(collector, id) && eventsOf(collector, id).length === 2);
}

describe('an incident whose cause went away while Culprit was dead', { skip: requirement('bpf', 'perl') }, () => {
  it('is one span and one more event, which say that it was lost, and no run after that tells of it again', async (t) => {
    const { cgroup, collector, start } = await runs(t);
    const first = await start();
    const storm = cgroup.run(['perl', '-e', ENDLESS_STORM]);
    const { id } = await until(() => stormOf(first, cgroup, 'open'));
    await first.settle((page) => sum(page, 'culprit_outbox_sent_total', { signal: 'logs' }) >= 1);

    await first.stop('SIGKILL');
    cgroup.kill();
    await storm;
    const second = await start();
    const awaited = await stormOf(second, cgroup, 'open');
    const lost = await until(() => stormOf(second, cgroup, 'lost'));
    const span = await until(() => spanOf(collector, id));
    await until(() => eventsOf(collector, id).length === 2);
    // Then the second run knows that all arrived.
    const page = await second.settle((samples) => sum(samples, 'culprit_outbox_depth') === 0);
    await second.stop('SIGKILL');

    await anotherStorm(await start(), cgroup, collector);

    assert.deepEqual([awaited?.id, lost.id], [id, id]);
    const { 'culprit.incident.state': state } = valuesByName(span);
    assert.deepEqual([state, span.status?.code], ['lost', 'STATUS_CODE_ERROR']);
    assert.match(span.status?.message ?? '', /^Fork storm lost, last seen after \d+ s: perl /);
    assert.deepEqual(
      ['culprit_incident_active', 'culprit_incidents_total'].map((name) => sum(page, name, { detector: 'fork-storm' })),
      [0, 0],
    );
    assert.equal(spansOfIncident(collector, id).length, 1);
    assert.deepEqual(
      eventsOf(collector, id).map(({ eventName }) => eventName),
      ['culprit.incident.opened', 'culprit.incident.lost'],
    );
  });

  it('is told by the next run where the collector was away until the end of this one', async (t) => {
    const { cgroup, collector, start } = await runs(t);
    collector.close();
    const first = await start();
    const storm = cgroup.run(['perl', '-e', ENDLESS_STORM]);
    await until(() => stormOf(first, cgroup, 'open'));
    cgroup.kill();
    await storm;
    const { id } = await until(() => stormOf(first, cgroup, 'resolved'));
    await first.stop('SIGKILL');

    const back = await grpcCollector({ port: Number(new URL(collector.endpoint).port) });
    t.after(() => back.close());
    const second = await start();
    await until(() => spanOf(back, id) && eventsOf(back, id).length === 2);
    await second.settle((samples) => sum(samples, 'culprit_outbox_depth') === 0);
    await second.stop('SIGKILL');

    await anotherStorm(await start(), cgroup, back);

    assert.deepEqual(
      [spansOfIncident(back, id).length, eventsOf(back, id).map(({ eventName }) => eventName)],
      [1, ['culprit.incident.opened', 'culprit.incident.resolved']],
    );
  });
});
