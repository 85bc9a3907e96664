import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { IncidentAnswer } from '../../src/http/incidents-schema.ts';
import { Cgroup } from '../support/cgroup.ts';
import { Exporter } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';
import { pathOf } from '../support/store-path.ts';
import { until } from '../support/until.ts';

/** Some 150 forks a second, or what a busy machine makes of it; builders are excused, and npm, which runs this, is one. */
const STORM = 'for (1..100000) { my $p = fork; if (!$p) { exit } waitpid $p, 0; select undef, undef, undef, 0.004 }';
/** Of this storm alone: others use this machine too. */
const DETECTORS = `
  clearSeconds: 3
  builders: [none]
  include: [{ detector: fork-storm, workload: "^/culprit-survival" }]
  forkStorm: { forksPerSecond: 10 }`;
const OF_STORMS = { detector: 'fork-storm' };

async function storms(exporter: Exporter, query = ''): Promise<IncidentAnswer[]> {
  return (await exporter.json(`/incidents?detector=fork-storm${query}`)).incidents as IncidentAnswer[];
}

/** A storm in a cgroup of its own, and a place for what is known of it. */
function stage(t: TestContext) {
  const cgroup = new Cgroup(`culprit-survival-${process.pid}`);
  t.after(async () => {
    cgroup.kill();
    await until(() => cgroup.isEmpty());
    cgroup.remove();
  });
  const config = `detectors:${DETECTORS}\nstore: { path: ${pathOf()} }`;
  const start = async () => {
    const exporter = await Exporter.start(config);
    t.after(() => exporter.stop('SIGKILL'));
    return exporter;
  };
  return { cgroup, start, storm: () => void cgroup.run(['perl', '-e', STORM]) };
}

const opened = (exporter: Exporter) =>
  until(async () => (await storms(exporter, '&state=open'))[0], { what: 'an open storm' });

function counted(page: Sample[]) {
  return {
    total: sum(page, 'culprit_incidents_total', OF_STORMS),
    active: sum(page, 'culprit_incident_active', OF_STORMS),
    resumed: sum(page, 'culprit_incidents_resumed_total'),
    lost: sum(page, 'culprit_incidents_lost_total'),
  };
}

describe('a storm that is open when Culprit is killed', { skip: requirement('bpf', 'perl') }, () => {
  it('is the same incident for the next one, once, and is resolved when the storm is over', async (t) => {
    const { cgroup, start, storm } = stage(t);
    const first = await start();
    storm();
    const before = await opened(first);
    await first.stop('SIGKILL');

    const second = await start();
    const [resumed] = await storms(second);
    // Long enough for it to be found a second time, or given up, if it were.
    await until(async () => Date.parse((await opened(second)).lastSeenAt) > Date.parse(before.detectedAt) + 10_000);
    const during = await storms(second);
    const page = await second.scrape();
    cgroup.kill();
    await until(async () => (await storms(second, '&state=resolved')).length > 0);
    const [after, ...others] = await storms(second);

    assert.deepEqual([resumed!.id, resumed!.culprit, resumed!.state], [before.id, before.culprit, 'open']);
    assert.ok(Math.abs(Date.parse(resumed!.onsetAt) - Date.parse(before.onsetAt)) <= 10);
    assert.deepEqual([resumed!.evidence[0]!.what, resumed!.title], [before.evidence[0]!.what, before.title]);
    assert.deepEqual(
      during.map(({ id }) => id),
      [before.id],
    );
    assert.deepEqual(counted(page), { total: 0, active: 1, resumed: 1, lost: 0 });
    assert.deepEqual([after!.id, after!.state, others], [before.id, 'resolved', []]);
  });

  it('is lost, once, when the storm ended while nobody ran', async (t) => {
    const { cgroup, start, storm } = stage(t);
    const first = await start();
    storm();
    const before = await opened(first);
    await first.stop('SIGKILL');
    cgroup.kill();

    const second = await start();
    await until(async () => (await storms(second, '&state=lost')).length > 0);
    const page = await second.scrape();
    await second.stop();
    const third = await start();
    const all = await storms(third);

    assert.deepEqual(counted(page), { total: 0, active: 0, resumed: 1, lost: 1 });
    assert.equal(second.logged().filter(({ msg }) => msg.startsWith('lost fork-storm')).length, 1);
    assert.deepEqual(
      all.map(({ id, state, resolvedAt }) => ({ id, state, resolvedAt })),
      [{ id: before.id, state: 'lost', resolvedAt: null }],
    );
    assert.deepEqual(counted(await third.scrape()), { total: 0, active: 0, resumed: 0, lost: 0 });
    const { runbook, ...one } = await third.json(`/incidents/${before.id}`);
    assert.deepEqual([one, typeof runbook], [all[0], 'object']);
  });
});
