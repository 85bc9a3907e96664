import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { bpfIdsOf, stillThere } from '../support/bpf-ids.ts';
import { Cgroup } from '../support/cgroup.ts';
import { Exporter } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';
import { shells, truthOf } from '../support/shells.ts';
import { AT_ONCE_MS, until } from '../support/until.ts';

const skip = requirement('bpf', 'bpftool');

async function running(t: TestContext, config = ''): Promise<Exporter> {
  const exporter = await Exporter.start(config);
  t.after(() => exporter.stop('SIGKILL'));
  return exporter;
}

function ownCgroup(t: TestContext, name: string): Cgroup {
  const cgroup = new Cgroup(`culprit-${name}-${process.pid}`);
  t.after(() => cgroup.remove());
  return cgroup;
}

const exitsIn = (page: Sample[], { path: workload }: Cgroup) => sum(page, 'culprit_process_exits_total', { workload });
const attached = (page: Sample[]) => page.filter(({ name, value }) => name === 'culprit_probe_attached' && value === 1);

/** One shell of 23 in the cgroup; resolves with the page on which it is complete. */
async function runOne(exporter: Exporter, cgroup: Cgroup, before = 0): Promise<Sample[]> {
  await cgroup.run(['sh', '-c', shells(1)]);
  return exporter.settle((page) => exitsIn(page, cgroup) === before + truthOf(1).exits);
}

describe('a Culprit that is killed', { skip }, () => {
  it('leaves nothing in the kernel, and the next one begins anew', async (t) => {
    const cgroup = ownCgroup(t, 'killed');
    const first = await running(t);
    const before = await runOne(first, cgroup);
    const ids = bpfIdsOf(first.pid);

    assert.equal(await first.stop('SIGKILL'), 'SIGKILL');
    const second = await running(t);
    const after = await second.scrape();

    assert.ok(ids.length > 20 && exitsIn(before, cgroup) === 25);
    await until(() => stillThere(ids).length === 0, { what: 'the end of its programs, links and maps' });
    assert.equal(attached(after).length, attached(before).length);
    assert.equal(exitsIn(after, cgroup), 0);
    const startOf = (page: Sample[]) => sum(page, 'process_start_time_seconds');
    assert.ok(startOf(after) > startOf(before) && startOf(after) <= Date.now() / 1000);
    assert.equal(exitsIn(await runOne(second, cgroup), cgroup), 25);
  });
});

describe('a Culprit that is told to stop', { skip }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`by ${signal} ends at once, and leaves nothing in the kernel`, async (t) => {
      const exporter = await running(t);
      const ids = bpfIdsOf(exporter.pid);
      const began = performance.now();

      const end = await exporter.stop(signal);

      assert.ok(performance.now() - began < AT_ONCE_MS);
      assert.equal(end, 0);
      assert.equal(exporter.logged().at(-1)?.msg, `stopping: ${signal}`);
      await until(() => stillThere(ids).length === 0);
    });
  }

  it('ends though a scraper keeps its connection and another stopped in the middle of a request', async (t) => {
    const exporter = await running(t);
    await exporter.page();
    const half = fetch(`${exporter.url}/-/reload`, { method: 'POST', body: new ReadableStream(), duplex: 'half' });
    half.catch(() => {});
    const began = performance.now();

    assert.equal(await exporter.stop(), 0);

    assert.ok(performance.now() - began < AT_ONCE_MS);
  });
});

describe('two Culprits on one host', { skip }, () => {
  it('count alike, and exactly', async (t) => {
    const cgroup = ownCgroup(t, 'shared');
    const both = [await running(t), await running(t)];
    const { forks, execs, exits } = truthOf(10);

    await cgroup.run(['sh', '-c', shells(10)]);

    for (const exporter of both) {
      const page = await exporter.settle((samples) => exitsIn(samples, cgroup) === exits);
      const counts = ['forks', 'execs', 'exits'].map((what) =>
        sum(page, `culprit_process_${what}_total`, { workload: cgroup.path }),
      );
      assert.deepEqual(counts, [forks, execs, exits]);
    }
  });
});

/** How an operator may ask for a reload, and what is answered. */
const WAYS = [
  ['SIGHUP', async (exporter: Exporter) => exporter.signal('SIGHUP')],
  ['POST /-/reload', async (exporter: Exporter) => void (await exporter.json('/-/reload', { method: 'POST' }))],
] as const;

const levelOf = async (exporter: Exporter) =>
  ((await exporter.json('/status')).config as { log: { level: string } }).log.level;
const isReloaded = async (exporter: Exporter) => sum(await exporter.scrape(), 'culprit_config_last_reload_successful');
const complaints = (exporter: Exporter) =>
  exporter.logged().filter(({ msg }) => msg.startsWith('the configuration is kept'));

describe('a reload', { skip }, () => {
  for (const [way, reload] of WAYS) {
    it(`by ${way} takes a valid configuration over, with its groups, and forgets no count`, async (t) => {
      const cgroup = ownCgroup(t, 'reload');
      const exporter = await running(t);
      await runOne(exporter, cgroup);

      exporter.configure(`log: {level: debug}\ngroups: [{name: mine, cgroup: "^${cgroup.path}$"}]`);
      await reload(exporter);
      await until(async () => (await levelOf(exporter)) === 'debug');
      const page = await runOne(exporter, cgroup, 25);

      assert.equal(exitsIn(page, cgroup), 50);
      assert.equal(sum(page, 'culprit_process_exits_total', { workload: cgroup.path, group: 'mine' }), 25);
      assert.equal(await isReloaded(exporter), 1);
      assert.deepEqual(complaints(exporter), []);
    });

    it(`by ${way} keeps the old configuration while the new one has faults, and says so`, async (t) => {
      const exporter = await running(t, 'log: {level: info}');

      exporter.configure('log: {level: loud}\nlimits: {groups: 0}');
      await reload(exporter);
      await until(async () => (await isReloaded(exporter)) === 0);
      const [complaint] = await until(() => complaints(exporter).length > 0 && complaints(exporter));

      assert.equal(await levelOf(exporter), 'info');
      assert.match(complaint!.msg, /culprit-\d+\.yaml:2:14: log\.level: expected one of .*; got "loud"/);
      assert.match(complaint!.msg, /culprit-\d+\.yaml:3:18: limits\.groups: expected a whole number from 1 .*; got 0/);

      exporter.configure('log: {level: warn}');
      await reload(exporter);
      await until(async () => (await isReloaded(exporter)) === 1);
      assert.equal(await levelOf(exporter), 'warn');
    });
  }

  it('of detectors keeps what is open, tells no more of who is excluded, and ends what nobody looks for', async (t) => {
    const cgroup = ownCgroup(t, 'burst');
    const exporter = await running(t, 'detectors: {builders: [none], forkBurst: {windowSeconds: 60}}');
    const incidents = async (state: string) => {
      const answer = await exporter.json(`/incidents?detector=fork-burst&state=${state}`);
      return (answer.incidents as { id: string }[]).map(({ id }) => id);
    };
    await cgroup.run(['sh', '-c', 'for i in $(seq 80); do /bin/true; done; sleep 1']);
    const opened = await until(async () => {
      const open = await incidents('open');
      return open.length > 0 && open;
    });

    exporter.configure('detectors: {builders: [none], forkBurst: {windowSeconds: 60}, zombies: {zombies: 5}}');
    assert.deepEqual(await exporter.json('/-/reload', { method: 'POST' }), { ok: true });
    const kept = await incidents('open');
    exporter.configure('detectors: {clearSeconds: 1, forkBurst: {enabled: false}}');
    assert.deepEqual(await exporter.json('/-/reload', { method: 'POST' }), { ok: true });
    await until(async () => (await incidents('open')).length === 0);

    assert.deepEqual([kept, await incidents('resolved')], [opened, opened]);
  });

  it('of what changes only at a restart is refused whole', async (t) => {
    const exporter = await running(t);

    exporter.configure('log: {level: debug}\nlimits: {groups: 23}\nresourceAttributes: {a: b}');
    const answer = await exporter.json('/-/reload', { method: 'POST' });

    assert.deepEqual(answer, {
      ok: false,
      faults: 'limits: changes only at a restart\nresourceAttributes: changes only at a restart',
    });
    assert.equal(await levelOf(exporter), 'info');
  });
});
