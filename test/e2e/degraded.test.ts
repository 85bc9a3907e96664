import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withoutHook } from '../support/broken-object.ts';
import { Cgroup } from '../support/cgroup.ts';
import { Exporter, neutralEnv } from '../support/exporter.ts';
import { promtoolFindings } from '../support/promtool.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';
import { scratch } from '../support/scratch.ts';
import { shells } from '../support/shells.ts';
import { asNobody } from '../support/unprivileged.ts';

/** Families that only probes can fill: absent without them, for a zero would be a lie. Kills for want of memory a cgroup tells too. */
const PROBES_ONLY = [
  'culprit_process_forks_total',
  'culprit_process_execs_total',
  'culprit_process_exits_total',
  'culprit_process_lifetime_seconds_count',
  'culprit_thread_starts_total',
  'culprit_probe_attached',
  'culprit_probe_wanted',
  'culprit_events_total',
  'culprit_events_lost_total',
];

const REASON = /^probes can't run, \/proc tells less: cannot load culprit\.bpf\.o: EPERM; run as root or grant CAP_BPF/;

describe('Culprit without privilege', { skip: requirement('bpf', 'setpriv', 'promtool', 'clang') }, () => {
  let exporter: Exporter;
  before(async () => {
    // Nobody may write where the tests keep their files, and what becomes of that is a matter of the store's own tests.
    exporter = await Exporter.start("store: { path: '' }", { command: asNobody() });
  });
  after(() => exporter?.stop());

  it('is ready, and says in four places that it sees less: health, status, a metric and one line of its log', async () => {
    const { degraded, ...ready } = await exporter.json('/-/ready');
    const status = await exporter.json('/status');
    const page = await exporter.scrape();

    assert.deepEqual(ready, { ready: true, mode: 'procfs' });
    assert.equal((degraded as string[]).length, 1);
    assert.match(String(degraded), REASON);
    assert.deepEqual([status.mode, status.degraded], ['procfs', degraded]);
    assert.deepEqual(
      ['bpf', 'procfs'].map((mode) => sum(page, 'culprit_mode', { mode })),
      [0, 1],
    );
    assert.deepEqual(
      exporter
        .logged()
        .filter(({ level }) => level > 30)
        .map(({ msg }) => msg),
      [`seeing less than there is: ${degraded}`],
    );
  });

  it('shows no zero for what it can not see, even after it happened', async (t) => {
    const cgroup = new Cgroup(`culprit-unseen-${process.pid}`);
    t.after(() => cgroup.remove());
    const starts = (page: Sample[]) => sum(page, 'culprit_host_task_starts_total');
    const before = starts(await exporter.scrape());

    await cgroup.run(['sh', '-c', shells(10)]);
    const page = await exporter.settle((samples) => starts(samples) >= before + 240);

    const names = new Set(page.map(({ name }) => name));
    assert.deepEqual(
      PROBES_ONLY.filter((name) => names.has(name)),
      [],
    );
    assert.ok(before > 0 && starts(page) >= before + 240);
  });

  it("shows the host's pressure, processes and their memory", async () => {
    const page = await exporter.scrape();

    assert.ok(sum(page, 'culprit_processes') > 1);
    assert.ok(sum(page, 'culprit_process_memory_bytes', { type: 'resident' }) > 1e6);
    assert.deepEqual(
      ['cpu', 'memory', 'io'].filter(
        (resource) =>
          !page.some(
            ({ name, labels }) => name === 'culprit_pressure_stall_seconds_total' && labels.resource === resource,
          ),
      ),
      [],
    );
    assert.ok(page.filter(({ name }) => name === 'culprit_collector_success').every(({ value }) => value === 1));
    assert.equal(promtoolFindings(await exporter.page()), '');
  });

  it('counts the CPU of children too short to be seen, in the group of their parent', async (t) => {
    const cgroup = new Cgroup(`culprit-children-${process.pid}`);
    t.after(() => cgroup.remove());
    const cpuOf = (page: Sample[], group: string) =>
      sum(page, 'culprit_process_cpu_time_seconds_total', { group, workload: cgroup.path });

    // It compiles the load, for which there must be a compiler.
    const { loadPath, run } = await import('../../bench/harness/load.ts');
    const truth = await run('launch', cgroup.procs, shortLives(loadPath));
    const trueSeconds = (truth.childCpuUs + truth.ownCpuUs) / 1e6;
    const page = await exporter.settle((samples) => cpuOf(samples, 'load') > trueSeconds * 0.75, 3_000);

    const counted = cpuOf(page, 'load');
    // What a snapshot met of them by chance is in their own group.
    const total = counted + cpuOf(page, 'culpritchild');
    assert.ok(trueSeconds > 1.2, `${trueSeconds} s were burnt`);
    assert.ok(
      counted > trueSeconds * 0.75 && total < trueSeconds * 1.25,
      `${counted} s, ${total} s of ${trueSeconds} s`,
    );
  });
});

describe('Culprit that is to run with probes and may not', { skip: requirement('bpf', 'setpriv') }, () => {
  it('refuses to start, in one sentence that says what to do', () => {
    const [program, ...words] = asNobody();
    const { status, stdout, stderr } = spawnSync(program, [...words, 'run', '--mode=bpf', '--listen=127.0.0.1:0'], {
      encoding: 'utf8',
      env: neutralEnv(),
    });

    assert.equal(
      stderr,
      'culprit run: cannot load culprit.bpf.o: EPERM; run as root or grant CAP_BPF and CAP_PERFMON (a kernel in lockdown refuses everyone)\n',
    );
    assert.deepEqual([status, stdout], [1, '']);
  });
});

describe('a probe that this kernel refuses', { skip: requirement('bpf') }, () => {
  for (const mode of ['bpf', 'auto']) {
    it(`makes Culprit not ready, with the reason, where it is needed and mode is ${mode}`, async (t) => {
      const object = withoutHook('tp_btf/sched_process_exec');
      const exporter = await Exporter.start(`mode: ${mode}\nkernel: {objectPath: ${object}}`, { ready: 503 });
      t.after(() => exporter.stop());

      const { reasons, ...ready } = await exporter.json('/-/ready');
      const page = await exporter.scrape();

      assert.deepEqual(ready, { ready: false, mode: 'bpf' });
      assert.match(String(reasons), /^probe on_exec is not attached: /);
      assert.equal(sum(page, 'culprit_probe_attached', { probe: 'on_exec' }), 0);
      assert.equal(sum(page, 'culprit_probe_attached', { probe: 'on_fork' }), 1);
      assert.equal(
        page.some(({ name }) => name === 'culprit_process_execs_total'),
        false,
      );
    });
  }

  it('and that is not needed is only told: the rest is exact', async (t) => {
    const cgroup = new Cgroup(`culprit-attach-${process.pid}`);
    t.after(() => cgroup.remove());
    const object = withoutHook('tp_btf/cgroup_attach_task');
    const exporter = await Exporter.start(`mode: bpf\nkernel: {objectPath: ${object}}`);
    t.after(() => exporter.stop());
    const exits = (page: Sample[]) => sum(page, 'culprit_process_exits_total', { workload: cgroup.path });

    await cgroup.run(['sh', '-c', shells(1)]);
    const page = await exporter.settle((samples) => exits(samples) === 25);

    const { degraded, ...ready } = await exporter.json('/-/ready');
    assert.deepEqual(ready, { ready: true, mode: 'bpf' });
    assert.match(String(degraded), /^probe on_cgroup_attach is not attached: /);
    assert.equal(exits(page), 25);
  });
});

/** Forty that burn 40 ms each and end, and then one that only lives, so that their parent does too until a snapshot came by. */
function shortLives(load: string): string {
  const folder = join(scratch, 'children');
  const spec = join(folder, 'spec');
  mkdirSync(folder);
  linkSync(load, join(folder, 'culpritchild'));
  const lives = Array.from({ length: 40 }, (_, index) => `${index * 45} ${join(folder, 'culpritchild')} 40 0 ok\n`);
  writeFileSync(spec, `${lives.join('')}1900 ${join(folder, 'culpritchild')} 0 6000 ok\n`);
  return spec;
}
