import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { getuid } from 'node:process';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CgroupLimitsEvent } from '../../../src/core/model/event.ts';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { KeptFiles } from '../../../src/kernel/kept-files.ts';
import { Limits } from '../../../src/kernel/limits.ts';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { Pressure } from '../../../src/kernel/pressure.ts';
import { endsWithUs } from '../../support/ends-with-us.ts';
import { isGuest } from '../../support/guest.ts';
import { until } from '../../support/until.ts';

const { unified = '', v1 } = findCgroupMounts('/proc');
const isV2 = v1.memory === undefined;
const skip = getuid?.() !== 0 || unified === '' ? 'it needs root and a v2 hierarchy' : false;

const MEBIBYTE = 1 << 20;
const PERIOD_MS = 50;
/** Emulated, each takes more than ten times as long, and so does Perl's start. */
const TURNS = isGuest ? 5e4 : 4e6;
const STOPS_WITHIN_MS = isGuest ? 60_000 : 20_000;
/** Takes memory and CPU, and stops, so that its figures stand still. */
const BUSY = `$memory = "x" x ${8 * MEBIBYTE}; $count++ while $count < ${TURNS}; kill STOP => $$`;

/** Where each controller has the cgroup; all the same folder in v2. */
function foldersOf(path: string, controllers = ['cpu', 'cpuacct', 'memory', 'pids', 'io'] as const) {
  const of = (controller: keyof typeof v1) => `${v1[controller] ?? unified}${path}`;
  const [cpu, cpuacct, memory, pids, io] = controllers.map(of) as [string, string, string, string, string];
  return { v2: `${unified}${path}`, cpu, cpuacct, memory, pids, io };
}

/** A cgroup of this test in every hierarchy, or in v2 alone; gone when it ends. */
function makeCgroup(t: TestContext, path: string, folders: readonly string[]): Cgroup {
  const unique = [...new Set(folders)];

  for (const folder of unique) mkdirSync(folder);
  t.after(() => {
    for (const folder of unique.toReversed()) if (existsSync(folder)) rmdirSync(folder);
  });
  return { id: statSync(`${unified}${path}`).ino, path, place: path, parent: undefined, since: 0 };
}

function limit(folders: ReturnType<typeof foldersOf>): void {
  if (isV2) {
    writeFileSync(`${unified}/cgroup.subtree_control`, '+cpu +memory +pids +io');
    writeFileSync(`${folders.v2}/cpu.max`, `5000 ${PERIOD_MS * 1_000}`);
    writeFileSync(`${folders.v2}/memory.max`, `${64 * MEBIBYTE}`);
    writeFileSync(`${folders.v2}/memory.high`, `${48 * MEBIBYTE}`);
  } else {
    writeFileSync(`${folders.cpu}/cpu.cfs_period_us`, `${PERIOD_MS * 1_000}`);
    writeFileSync(`${folders.cpu}/cpu.cfs_quota_us`, '5000');
    writeFileSync(`${folders.memory}/memory.limit_in_bytes`, `${64 * MEBIBYTE}`);
  }
  writeFileSync(`${folders.pids}/pids.max`, '77');
}

/** Runs `BUSY` in all of them until it has stopped itself; resolves with what ends it. */
async function occupy(folders: readonly string[]): Promise<() => Promise<unknown>> {
  const script = `for procs in "$@"; do echo 0 > "$procs"; done; exec perl -e '${BUSY}'`;
  const procs = [...new Set(folders)].map((folder) => `${folder}/cgroup.procs`);
  const child = endsWithUs(spawn('sh', ['-c', script, 'sh', ...procs], { stdio: ['ignore', 'ignore', 'inherit'] }));
  const stateOf = () => readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]?.[0];

  const end = async () => {
    child.kill('SIGKILL');
    await until(() => procs.every((file) => readFileSync(file, 'latin1') === ''), { what: 'its end' });
  };

  await until(() => stateOf() === 'T', { what: 'its stop', withinMs: STOPS_WITHIN_MS }).catch(async (error) => {
    await end();
    throw error;
  });
  return end;
}

/** Who has overdrawn its quota is held back for some periods more, and those count, though it has stopped. */
async function standStill(file: string): Promise<void> {
  for (let before = ''; before !== readFileSync(file, 'latin1'); await sleep(4 * PERIOD_MS)) {
    before = readFileSync(file, 'latin1');
  }
}

function reader(t: TestContext, onTold: (told: CgroupLimitsEvent) => void): Limits {
  const kept = new KeptFiles({ unified, ...v1 });
  const pressure = new Pressure('/proc', kept, () => {});
  const limits = new Limits(kept, pressure, (event) => onTold({ ...(event as CgroupLimitsEvent) }));

  t.after(() => {
    kept.close();
    pressure.close();
  });
  return limits;
}

/** The first number behind `key` on a line of its own, or of the file, as a person would look it up. */
function look(file: string, key = ''): number {
  const text = readFileSync(file, 'latin1');
  return Number(new RegExp(`^${key}\\s*(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** What the kernel's files say of it now. */
function lookUp({ v2, cpu, memory, pids }: ReturnType<typeof foldersOf>) {
  return {
    cpuUsageSeconds: look(`${v2}/cpu.stat`, 'usage_usec') / 1e6,
    periods: look(`${cpu}/cpu.stat`, 'nr_periods'),
    throttledPeriods: look(`${cpu}/cpu.stat`, 'nr_throttled'),
    throttledSeconds: isV2
      ? look(`${cpu}/cpu.stat`, 'throttled_usec') / 1e6
      : look(`${cpu}/cpu.stat`, 'throttled_time') / 1e9,
    memoryBytes: look(`${memory}/${isV2 ? 'memory.current' : 'memory.usage_in_bytes'}`),
    anonymousBytes: look(`${memory}/memory.stat`, isV2 ? 'anon' : 'total_rss'),
    memoryMaxEvents: isV2 ? look(`${memory}/memory.events`, 'max') : look(`${memory}/memory.failcnt`),
    pids: look(`${pids}/pids.current`),
  };
}

describe(`a cgroup of this host, which has its controllers on ${isV2 ? 'v2' : 'v1'}`, { skip }, () => {
  it('uses and may use what the kernel’s own files say', async (t) => {
    const path = `/culprit-real-${process.pid}`;
    const folders = foldersOf(path);
    const cgroup = makeCgroup(t, path, Object.values(folders));
    limit(folders);
    const end = await occupy(Object.values(folders));
    await standStill(`${folders.cpu}/cpu.stat`);
    let told: CgroupLimitsEvent | undefined;

    reader(t, (event) => {
      told = event;
    }).read(cgroup, 0);
    const { memoryBytes, anonymousBytes, throttledPeriods, ...exact } = lookUp(folders);
    await end();

    const { cpuQuotaCores, memoryLimitBytes, memoryHighBytes, pidsMax, oomKills, ...figures } = told!;
    t.diagnostic(JSON.stringify({ memoryBytes, anonymousBytes, throttledPeriods, ...exact }));
    assert.deepEqual(
      { cpuQuotaCores, memoryLimitBytes, memoryHighBytes, pidsMax, oomKills },
      {
        cpuQuotaCores: 0.1,
        memoryLimitBytes: 64 * MEBIBYTE,
        memoryHighBytes: isV2 ? 48 * MEBIBYTE : Number.NaN,
        pidsMax: 77,
        oomKills: 0,
      },
    );
    assert.deepEqual({ ...figures, ...exact }, figures);
    assert.deepEqual([figures.throttledPeriods, throttledPeriods > 0], [throttledPeriods, true]);
    assert.ok(anonymousBytes > 8 * MEBIBYTE && exact.cpuUsageSeconds > 0.05 && exact.pids === 1);
    // Batches of the kernel's own accounting may be settled between two readings.
    assert.ok(Math.abs(figures.memoryBytes - memoryBytes) < MEBIBYTE);
    assert.ok(Math.abs(figures.anonymousBytes - anonymousBytes) < MEBIBYTE);
  });

  it('without controllers tells its CPU time and nothing else', (t) => {
    const parent = `/culprit-real-${process.pid}`;
    const cgroup = makeCgroup(t, `${parent}/bare`, [`${unified}${parent}`, `${unified}${parent}/bare`]);
    const told: CgroupLimitsEvent[] = [];

    reader(t, (event) => told.push(event)).read(cgroup, 0);

    const known = Object.entries(told[0]!).filter(([, value]) => typeof value === 'number' && !Number.isNaN(value));
    assert.deepEqual(Object.fromEntries(known), { at: 0, cgroupId: cgroup.id, cpuUsageSeconds: 0 });
  });

  it('that is removed in the middle of a pass is not told of', (t) => {
    const paths = ['first', 'second', 'third'].map((name) => `/culprit-real-${name}-${process.pid}`);
    const cgroups = paths.map((path) => makeCgroup(t, path, Object.values(foldersOf(path))));
    const told: string[] = [];
    const limits = reader(t, ({ at, cgroupId }) => {
      told.push(`${at} ${cgroups.findIndex(({ id }) => id === cgroupId)}`);
      if (at === 1_000 && cgroupId === cgroups[0]!.id)
        for (const folder of new Set(Object.values(foldersOf(paths[1]!)))) rmdirSync(folder);
    });

    for (const at of [0, 1_000]) for (const cgroup of cgroups) limits.read(cgroup, at);

    assert.deepEqual(told, ['0 0', '0 1', '0 2', '1000 0', '1000 2']);
  });
});
