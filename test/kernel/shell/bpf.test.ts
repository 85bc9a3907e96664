import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CgroupCountsEvent } from '../../../src/core/model/event.ts';
import { probeRunNs } from '../../support/cost.ts';
import { requirement } from '../../support/require.ts';
import { tree } from '../files/tree.ts';
import { ITERATORS } from '../probes/probes.ts';
import { type Observed, observe, ownCgroup } from './observed.ts';

const OBJECT = fileURLToPath(new URL('../../../dist/culprit.bpf.o', import.meta.url));
const skip = requirement('bpf');

/** A shell that forks 23 children. */
const SHELL = "sh -c 'i=0; while [ $i -lt 23 ]; do /bin/true; i=$((i+1)); done'";
const shells = (times: number) => `j=0; while [ $j -lt ${times} ]; do ${SHELL}; j=$((j+1)); done`;

const sumOf = (counts: readonly number[]) => counts.reduce((sum, each) => sum + each, 0);

/** The last counts of a cgroup, when it has exited so often. */
function countsOf({ of, until }: Observed, id: number, exits: number): Promise<CgroupCountsEvent> {
  return until(() => of('cgroup-counts').findLast((each) => each.cgroupId === id && sumOf(each.exits) === exits));
}

describe('the kernel, with probes', { skip }, () => {
  it('tells 100 forks of a shell that forks 23 exactly, by event and by count', async (t) => {
    const observed = await observe(t);
    const cgroup = ownCgroup(t);
    await observed.kernel.start();

    cgroup.run(shells(100));
    const counts = await countsOf(observed, cgroup.id, 2401);
    const mine = (kind: 'fork' | 'exec' | 'exit' | 'reap') =>
      observed.events.filter((event) => event.kind === kind && event.cgroupId === cgroup.id);
    await observed.until(() => mine('exit').length === 2401 && mine('reap').length > 2300);

    assert.deepEqual([counts.forks, counts.execs, counts.exits], [2400, 2400, [2401, 0, 0, 0]]);
    assert.deepEqual([mine('fork').length, mine('exec').length, mine('exit').length], [2400, 2400, 2401]);
    // Linux 6.18 in a virtual machine was seen not to call the hook of the reap for some tasks in a thousand, in bursts.
    assert.ok(mine('reap').length <= 2401);
    assert.deepEqual(counts.lost, { forks: 0, execs: 0, exits: [0, 0, 0, 0] });
    assert.equal(mine('exec').filter((event) => event.kind === 'exec' && event.exe === 'true').length, 2300);
    assert.equal(observed.kernel.unreadable(), 0);
  });

  it('sees in a snapshot who is in /proc, under the same parents', async (t) => {
    const sleepers = Array.from({ length: 23 }, () => spawn('sleep', ['60'], { stdio: 'ignore' }));
    t.after(() => sleepers.map((each) => each.kill()));
    const { of, until, kernel } = await observe(t);
    await until(() => sleepers.every(({ pid }) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n'));
    const before = parents();
    await kernel.start();
    const after = parents();

    const seen = new Map(of('process-sample').map(({ pid, parentPid }) => [pid, parentPid]));
    const staying = [...before].filter(([pid, parent]) => after.get(pid) === parent && mayBeTraced(pid));

    assert.ok(staying.length > 23);
    assert.deepEqual(
      staying.filter(([pid, parent]) => seen.get(pid) !== parent),
      [],
    );
    assert.deepEqual(
      [...seen.keys()].filter((pid) => !before.has(pid) && !after.has(pid) && isAlive(pid)),
      [],
    );
    const mine = of('process-sample').filter(({ pid }) => sleepers.some((each) => each.pid === pid));
    assert.deepEqual(
      mine.map(({ comm, exe, parentPid }) => [comm, exe, parentPid]),
      Array(23).fill(['sleep', 'sleep', process.pid]),
    );
  });

  it('runs without a probe that this kernel refuses, and says why', async (t) => {
    const { kernel, events } = await observe(t, { objectPath: without(t, 'tp_btf/cgroup_attach_task') });
    await kernel.start();

    const refused = kernel.probes().filter(({ attached, reason }) => !attached && reason !== undefined);

    assert.deepEqual(
      refused.map(({ name, required }) => [name, required]),
      [['on_cgroup_attach', false]],
    );
    assert.match(kernel.reasons().join(), /probe on_cgroup_attach is not attached: .*(ESRCH|ENOENT|EINVAL)/);
    assert.ok(events.some(({ kind }) => kind === 'process-sample'));
  });

  it('knows what its probes cost, though the kernel counts no runs for it', async (t) => {
    const { kernel, until } = await observe(t);
    const cgroup = ownCgroup(t);
    await kernel.start();

    cgroup.run(shells(1));
    const probes = await until(() => {
      const all = kernel.probes();
      return all.find(({ name }) => name === 'on_switch')!.runs > 0 && all;
    });

    const exec = probes.find(({ name }) => name === 'on_exec')!;
    assert.ok(exec.runs >= 24 && exec.runSeconds > 0 && exec.runSeconds < 0.001 * exec.runs);
    assert.deepEqual(
      probes.filter(({ runs }) => Number.isNaN(runs)).map(({ name }) => name),
      ITERATORS,
    );
    assert.equal(probeRunNs(process.pid), 0);
  });

  it('is not judged by what its start costs', async (t) => {
    const { kernel } = await observe(t, { stepDownPercent: 0.1, stopPercent: 0.1 });

    await kernel.start();

    assert.deepEqual(kernel.governor(), { level: 1, ownCostRatio: Number.NaN, stepsDown: 0, stepsUp: 0 });
  });

  it('counts what a ring of 64 KiB could not take, and what it could, to the last record', async (t) => {
    const observed = await observe(t, { ringBytes: 65536 });
    const { kernel, of, until } = observed;
    const cgroup = ownCgroup(t);
    await kernel.start();

    cgroup.run(shells(40));
    const counts = await countsOf(observed, cgroup.id, 40 * 24 + 1);
    const settled = await until(() => {
      const all = kernel.eventCounts();
      return all.every(({ produced, lost, delivered }) => produced === lost + delivered) && all;
    });

    assert.ok(settled.find(({ kind }) => kind === 'fork')!.lost > 0);
    assert.deepEqual([counts.forks, counts.execs], [960, 960]);
    const told = of('fork').filter(({ cgroupId }) => cgroupId === cgroup.id).length;
    assert.equal(told + counts.lost.forks, 960);
    assert.ok(counts.lostUsage.runtimeNs > 0);
  });

  it('reads the names of those whose exec was lost', async (t) => {
    const observed = await observe(t, { ringBytes: 65536 });
    const cgroup = ownCgroup(t);
    await observed.kernel.start();
    const began = observed.events.length;

    cgroup.run(`${shells(20)}; sleep 60 > /dev/null 2>&1 &`);
    const sample = await observed.until(() =>
      observed.events
        .slice(began)
        .find((event) => event.kind === 'process-sample' && event.cgroupId === cgroup.id && event.comm === 'sleep'),
    );

    assert.equal(sample.kind === 'process-sample' && sample.exe, 'sleep');
    if (sample.kind === 'process-sample') process.kill(sample.pid);
  });

  it('leaves nothing open, however often it is stopped', async (t) => {
    const first = await observe(t);
    await first.kernel.start();
    await first.kernel.stop();
    const before = readdirSync('/proc/self/fd').length;

    const { kernel } = await observe(t);
    await kernel.start();
    await Promise.all([kernel.stop(), kernel.stop()]);
    await kernel.stop();

    assert.equal(readdirSync('/proc/self/fd').length, before);
    assert.deepEqual([kernel.probes(), kernel.maps(), kernel.eventCounts()], [[], [], []]);
  });

  it('tells nothing before it is started, and nothing after it is stopped', async (t) => {
    const { kernel, events } = await observe(t);
    assert.deepEqual(events, []);
    await kernel.start();
    await kernel.stop();
    const told = events.length;

    for (let turn = 0; turn < 23; turn++) await new Promise(setImmediate);

    assert.equal(events.length, told);
    await assert.rejects(kernel.start(), /twice/);
  });
});

/** Parent by pid, as ps(1) would say. */
function parents(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d/.test(name));

  return new Map(pids.flatMap((pid) => parentOf(pid)));
}

function parentOf(pid: string): [number, number][] {
  try {
    const stat = readFileSync(join('/proc', pid, 'stat'), 'latin1');
    return [[Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
  } catch {
    // It ended meanwhile.
    return [];
  }
}

/** Some hypervisors keep their agent in the guest out of reach of root, and of probes. */
function mayBeTraced(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) !== '';
  } catch {
    return false;
  }
}

const isAlive = (pid: number): boolean => parentOf(String(pid)).length > 0;

/** The object, with one program at a hook that no kernel has. */
function without(t: TestContext, section: string): string {
  const bytes = readFileSync(OBJECT);
  const path = join(tree(t, {}), 'culprit.bpf.o');
  let at = bytes.indexOf(section);

  assert.ok(at > 0);
  for (; at > 0; at = bytes.indexOf(section, at)) bytes.write('tp_btf/no_such_hook', at, 'latin1');
  writeFileSync(path, bytes);
  return path;
}
