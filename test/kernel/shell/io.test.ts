import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../../../src/core/model/event.ts';
import type { StallEvent } from '../../../src/core/model/stall.ts';
import { Cgroups } from '../../../src/kernel/cgroups.ts';
import { IoSense } from '../../../src/kernel/io-sense.ts';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { Probes } from '../../../src/kernel/probes.ts';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { scratch } from '../../support/scratch.ts';
import { until } from '../../support/until.ts';
import { idOf } from '../probes/probes.ts';

const FILE_BYTES = 64 << 20;
const MEBIBYTE = 1 << 20;
const HOGS = 3;
const LOAD_MS = 2_000;
const file = join(scratch, 'io-load');

/** The device that holds our files, or why no request of theirs can be seen. */
function device(): string | undefined {
  const number = statSync(scratch).dev;
  const name = `${number >>> 8}:${number & 0xff}`;
  return disk(name) === undefined ? undefined : name;
}

/** Of `/proc/diskstats`: milliseconds that reads, writes and discards took together. */
function disk(device: string): number | undefined {
  const line = readFileSync('/proc/diskstats', 'latin1')
    .split('\n')
    .map((text) => text.trim().split(/\s+/))
    .find(([major, minor]) => `${major}:${minor}` === device);
  return line && Number(line[6]) + Number(line[10]) + Number(line[14] ?? 0);
}

const skip = requirement('bpf') || (device() === undefined && 'the scratch folder is not on a block device');

class Watched {
  readonly stalls: StallEvent[] = [];
  readonly sense: IoSense;
  readonly #probes = Probes.load({ objectPath: '', ringBytes: 1 << 16 });
  readonly #now = () => performance.now();

  constructor(t: TestContext) {
    const mounts = findCgroupMounts('/proc');
    const emit = (event: Event) => event.kind === 'stall' && this.stalls.push(structuredClone(event));
    const cgroups = new Cgroups({ ...mounts, emit: () => {}, now: this.#now });
    cgroups.walk();
    t.after(() => this.#probes.close());
    this.sense = new IoSense(this.#probes, 'on', { ioMount: mounts.v1.io, cgroups, emit, now: this.#now });
    this.sense.start();
  }

  /** In nanoseconds, of requests that waited for this one's; who waited, and who made wait, may be left open. */
  sum(victim?: number, offender?: number): number {
    return this.stalls
      .filter(({ victimId }) => victim === undefined || victimId === victim)
      .filter(({ owner }) => offender === undefined || (owner.kind === 'cgroup' && owner.id === offender))
      .reduce((sum, { ns }) => sum + ns, 0);
  }

  read(): void {
    this.sense.read(this.#now());
  }

  device() {
    return this.sense.devices().find((each) => each.device === device());
  }
}

/** Reads the file around the page cache, so many bytes at a time, for so long. Resolves with the processes that did. */
async function reads(cgroup: Cgroup, bytes: number, ms: number): Promise<number> {
  const loop = `exec timeout ${ms / 1000} sh -c 'while :; do dd if=${file} of=/dev/null bs=${bytes} iflag=direct 2>/dev/null; done'`;
  const child = spawn('sh', ['-c', `echo 0 > ${cgroup.procs}; ${loop}`], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** Gone with the test, when the last of its processes is. */
function ownCgroup(t: TestContext, name: string): Cgroup {
  const cgroup = new Cgroup(`culprit-io-${process.pid}-${name}`);
  t.after(async () => {
    await until(() => cgroup.isEmpty());
    cgroup.remove();
  });
  return cgroup;
}

function prepare(): void {
  const fd = openSync(file, 'w');
  const block = Buffer.alloc(MEBIBYTE, 'culprit');
  for (let written = 0; written < FILE_BYTES; written += MEBIBYTE) writeSync(fd, block);
  fsyncSync(fd);
  closeSync(fd);
}

describe('who waits for whose requests', { skip }, () => {
  it('adds up to what requests took, by our count and by that of the kernel', async (t) => {
    prepare();
    const victim = ownCgroup(t, 'victim');
    const hog = ownCgroup(t, 'hog');
    const watched = new Watched(t);
    const beforeMs = disk(device()!)!;

    // A single one would leave the disk alone while its next `dd` starts, and on a slow machine that is most of the time.
    const hogs = Array.from({ length: HOGS }, () => reads(hog, MEBIBYTE, LOAD_MS));
    await Promise.all([reads(victim, 4096, LOAD_MS), ...hogs]);
    await sleep(300);
    const kernelMs = disk(device()!)! - beforeMs;
    const { latencyNs, ended, missed, stale } = watched.device()!;
    watched.read();

    const told = watched.sum();
    t.diagnostic(
      JSON.stringify({
        kernelMs,
        latencyMs: latencyNs / 1e6,
        toldMs: told / 1e6,
        ended,
        missed,
        stale,
        victimBehindHog: watched.sum(idOf(victim), idOf(hog)) / watched.sum(idOf(victim)),
      }),
    );
    assert.ok(Math.abs(told / latencyNs - 1) < 0.01, `${told} told of ${latencyNs}`);
    assert.ok(Math.abs(latencyNs / 1e6 / kernelMs - 1) < 0.02, `${latencyNs / 1e6} of ${kernelMs} ms`);
    assert.ok(watched.sum(idOf(victim), idOf(hog)) > 0.5 * watched.sum(idOf(victim)));
  });

  it('is only its own where nobody else asks anything of the device, and innocent who only computes', async (t) => {
    // What others wrote before would be written back meanwhile.
    execFileSync('sync');
    prepare();
    const alone = ownCgroup(t, 'alone');
    const busy = ownCgroup(t, 'busy');
    const watched = new Watched(t);

    await Promise.all([reads(alone, 65_536, LOAD_MS), busy.run(['timeout', '2', 'sh', '-c', 'while :; do :; done'])]);
    watched.read();

    const all = watched.sum(idOf(alone));
    assert.ok(all > 0);
    assert.ok(watched.sum(idOf(alone), idOf(alone)) > 0.8 * all);
    assert.deepEqual([watched.sum(idOf(busy)), watched.sum(undefined, idOf(busy))], [0, 0]);
  });

  it('is nothing while the probes are off, and begins anew when they are on again', async (t) => {
    prepare();
    const cgroup = ownCgroup(t, 'off');
    const watched = new Watched(t);
    watched.sense.disable();

    await reads(cgroup, 65_536, 500);
    watched.read();
    const off = watched.sum(idOf(cgroup));
    watched.sense.enable();
    await reads(cgroup, 65_536, 500);
    watched.read();

    assert.deepEqual([off, watched.sum(idOf(cgroup)) > 0], [0, true]);
  });

  it('stays off while somebody forbids it', (t) => {
    const watched = new Watched(t);

    watched.sense.allow(false);
    watched.sense.enable();

    assert.equal(watched.sense.isOn, false);
  });
});
