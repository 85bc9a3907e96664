import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentAnswer } from '../../src/http/incidents-schema.ts';
import { Cgroup } from '../support/cgroup.ts';
import { Child } from '../support/child.ts';
import { grpcCollector } from '../support/collector.ts';
import { BUNDLE, Exporter, neutralEnv } from '../support/exporter.ts';
import { logRecordsOf, spansOf, valuesByName } from '../support/otlp.ts';
import { requirement } from '../support/require.ts';
import { sum } from '../support/samples.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';
import { random } from '../telemetry/accounts.ts';
import { ENDLESS_STORM, watching } from './storms.ts';

const KILLS = 10;
/** After the first page, or after the start of the process, which takes about a second to its first page. */
const LATEST_MS = 1_000;
const SEED = 23;

async function host(t: TestContext) {
  const cgroup = new Cgroup(`culprit-kill-${process.pid}`);
  const collector = await grpcCollector();
  t.after(async () => {
    cgroup.kill();
    await until(() => cgroup.isEmpty());
    cgroup.remove();
    collector.close();
  });
  const store = `store: {path: ${join(scratch, 'killed.db')}}`;
  const config = `${watching('culprit-kill')}\n${store}\notlp: {endpoint: "${collector.endpoint}"}`;
  return { cgroup, collector, config };
}

/** Every storm that this Culprit knows of, over or not. */
async function storms(exporter: Exporter, { path }: Cgroup): Promise<IncidentAnswer[]> {
  const { incidents } = await exporter.json(`/incidents?detector=fork-storm&workload=${encodeURIComponent(path)}`);
  return incidents as IncidentAnswer[];
}

/** Each run finds out anew what its monotonic clock is in times of day. */
const CLOCKS_MS = 1_000;

/** What is known right after a start, and what of it this run has opened. */
async function known(exporter: Exporter, cgroup: Cgroup, { onsetAt: began }: IncidentAnswer) {
  const page = await exporter.scrape();
  const storm = { detector: 'fork-storm' };
  return {
    storms: (await storms(exporter, cgroup)).map(({ id, state, onsetAt }) => {
      return [id, state, Math.abs(Date.parse(onsetAt) - Date.parse(began)) < CLOCKS_MS];
    }),
    active: sum(page, 'culprit_incident_active', { ...storm, workload: cgroup.path }),
    opened: sum(page, 'culprit_incidents_total', storm),
    isStored: sum(page, 'culprit_store_up'),
  };
}

/** Another run, which does not get far. */
async function killInStart(config: string, afterMs: number): Promise<void> {
  const child = new Child(BUNDLE, ['run', '--config', config], { env: neutralEnv() });
  await sleep(afterMs);
  assert.equal(await child.stop('SIGKILL'), 'SIGKILL', child.log);
}

describe('a Culprit that is killed again and again while a storm goes on', { skip: requirement('bpf', 'perl') }, () => {
  it('goes on with the one incident each time, and resolves it once when the storm is over', async (t) => {
    const { cgroup, collector, config } = await host(t);
    const chance = random(SEED);
    const told = (of: Parameters<typeof valuesByName>[0]) => {
      const { 'culprit.incident.detector': detector, 'culprit.incident.id': id } = valuesByName(of);
      return detector === 'fork-storm' ? [String(id)] : [];
    };
    const events = () => logRecordsOf(collector.logs).flatMap((each) => told(each).map((id) => [id, each.eventName]));
    const spans = () => spansOf(collector.traces).flatMap(told);

    const storm = cgroup.run(['perl', '-e', ENDLESS_STORM]);
    let exporter = await Exporter.start(config);
    t.after(() => exporter.stop('SIGKILL'));
    const opened = await until(async () => (await storms(exporter, cgroup))[0]);
    // It arrived, and the run knows.
    await until(async () => sum(await exporter.scrape(), 'culprit_outbox_sent_total', { signal: 'logs' }) > 0);
    const after: unknown[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(chance() * LATEST_MS);
      await exporter.stop('SIGKILL');
      if (kill % 3 === 2) await killInStart(exporter.configFile, chance() * LATEST_MS);
      exporter = await Exporter.start(config);
      after.push(await known(exporter, cgroup, opened));
    }
    cgroup.kill();
    await storm;
    await until(async () => (await storms(exporter, cgroup)).every(({ state }) => state !== 'open'));
    const last = await known(exporter, cgroup, opened);
    // What is told by then arrives before the end.
    assert.equal(await exporter.stop(), 0);

    const { id } = opened;
    const goesOn = { storms: [[id, 'open', true]], active: 1, opened: 0, isStored: 1 };
    assert.deepEqual(after, Array(KILLS).fill(goesOn));
    assert.deepEqual(last, { ...goesOn, storms: [[id, 'resolved', true]], active: 0 });
    assert.deepEqual(events(), [
      [id, 'culprit.incident.opened'],
      [id, 'culprit.incident.resolved'],
    ]);
    assert.deepEqual(spans(), [id]);
  });
});
