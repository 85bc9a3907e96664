import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import type { ProcessesAnswer } from '../../src/http/process-schema.ts';
import { Exporter } from '../support/exporter.ts';
import { type Sample, sum } from '../support/samples.ts';
import { shells, truthOf } from '../support/shells.ts';
import { until } from '../support/until.ts';

const MOUNT = '/sys/fs/cgroup';
const HIERARCHIES = ['cpu,cpuacct', 'memory', 'pids'];
const MEBIBYTE = 1 << 20;

/** As an engine makes one: a cgroup of the same name in each hierarchy. */
class Cgroup {
  readonly path: string;
  readonly #folders: readonly string[];
  readonly #children: ChildProcess[] = [];

  constructor(t: TestContext, name: string) {
    this.path = `/${name}`;
    this.#folders = HIERARCHIES.map((hierarchy) => `${MOUNT}/${hierarchy}/${name}`);
    for (const folder of this.#folders) mkdirSync(folder);
    t.after(async () => {
      for (const child of this.#children) child.kill('SIGKILL');
      await until(() => this.#folders.every((folder) => readFileSync(`${folder}/cgroup.procs`).length === 0));
      for (const folder of this.#folders) rmdirSync(folder);
    });
  }

  limit(hierarchy: string, file: string, value: number): void {
    writeFileSync(`${MOUNT}/${hierarchy}${this.path}/${file}`, String(value));
  }

  /** It enters by itself: that adds no fork. */
  start(...command: string[]): ChildProcess {
    const enter = this.#folders.map((folder) => `echo 0 >${folder}/cgroup.procs; `).join('');
    const words = ['-c', `${enter}exec "$@"`, 'sh', ...command];
    const child = spawn('sh', words, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#children.push(child);
    return child;
  }

  throttledSeconds(): number {
    const stat = readFileSync(`${MOUNT}/cpu,cpuacct${this.path}/cpu.stat`, 'utf8');
    return Number(/^throttled_time (\d+)$/m.exec(stat)![1]) / 1e9;
  }
}

async function exporterFor(t: TestContext, config = ''): Promise<Exporter> {
  const exporter = await Exporter.start(config);
  t.after(() => exporter.stop());
  return exporter;
}

const of = (page: readonly Sample[], { path: workload }: Cgroup) => ({
  forks: sum(page, 'culprit_process_forks_total', { workload }),
  execs: sum(page, 'culprit_process_execs_total', { workload }),
  exits: sum(page, 'culprit_process_exits_total', { workload }),
});

describe('a host with cgroup v1 alone', () => {
  it('has workloads, whose counts are exact, and whose limits are those of every controller', async (t) => {
    const exporter = await exporterFor(t);
    const cgroup = new Cgroup(t, 'culprit-v1-app');
    cgroup.limit('pids', 'pids.max', 77);
    cgroup.limit('memory', 'memory.limit_in_bytes', 64 * MEBIBYTE);
    const truth = truthOf(3);

    await once(cgroup.start('sh', '-c', shells(3)), 'exit');
    const page = await exporter.settle((samples) => of(samples, cgroup).exits === truth.exits);

    assert.deepEqual(of(page, cgroup), truth);
    const { path: workload } = cgroup;
    const limits = ['culprit_workload_pids_limit', 'culprit_workload_memory_limit_bytes'];
    const limited = await exporter.settle((samples) => limits.every((name) => sum(samples, name, { workload }) > 0));
    assert.deepEqual(
      limits.map((name) => sum(limited, name, { workload })),
      [77, 64 * MEBIBYTE],
    );
    const { degraded, mode } = await exporter.json('/status');
    assert.deepEqual([mode, degraded], ['bpf', []]);
  });

  it('knows whose quota it is that a workload waits for', async (t) => {
    const exporter = await exporterFor(t);
    const cgroup = new Cgroup(t, 'culprit-v1-quota');
    cgroup.limit('cpu,cpuacct', 'cpu.cfs_quota_us', 20_000);
    const names = { victim: cgroup.path, offender: cgroup.path, cause: 'throttle' };

    const busy = cgroup.start('perl', '-e', '1 while 1');
    await until(() => cgroup.throttledSeconds() > 4);
    busy.kill('SIGKILL');
    await once(busy, 'exit');

    const seconds = cgroup.throttledSeconds();
    const page = await exporter.settle(
      (samples) => sum(samples, 'culprit_blame_stall_seconds_total', names) > 0.95 * seconds,
    );
    const charged = sum(page, 'culprit_blame_stall_seconds_total', names);
    assert.ok(Math.abs(charged - seconds) < 0.1 * seconds, `${charged} s of ${seconds} s`);
  });

  it('tells by /proc alone where each process lives', async (t) => {
    const exporter = await exporterFor(t, 'mode: procfs');
    const cgroup = new Cgroup(t, 'culprit-v1-quiet');

    const sleeper = cgroup.start('sleep', '1000');
    const pids = await until(async () => {
      const { processes } = (await exporter.json(`/processes?workload=${cgroup.path}`)) as unknown as ProcessesAnswer;
      return processes.length > 0 && processes.map(({ pid }) => pid);
    });

    assert.deepEqual(pids, [sleeper.pid]);
  });
});
