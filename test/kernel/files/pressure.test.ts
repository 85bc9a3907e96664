import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { PressureEvent } from '../../../src/core/model/event.ts';
import type { Cgroup } from '../../../src/kernel/cgroup.ts';
import { KeptFiles } from '../../../src/kernel/kept-files.ts';
import { Pressure } from '../../../src/kernel/pressure.ts';
import { type Files, plant, tree } from './tree.ts';

const NO_V1 = { cpu: undefined, cpuacct: undefined, memory: undefined, pids: undefined, io: undefined };

const lines = (some: number, full: number) =>
  `some avg10=0.00 avg60=1.17 avg300=2.23 total=${some}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=${full}\n`;

const IRQ = 'full avg10=0.00 avg60=0.00 avg300=0.00 total=42000000\n';

function reader(t: TestContext, proc: Files, cgroupFiles: Files = {}, keptMax?: number) {
  const told: string[] = [];
  const unified = tree(t, cgroupFiles);
  const procRoot = tree(t, proc);
  const kept = new KeptFiles({ unified, ...NO_V1 }, keptMax);
  const pressure = new Pressure(procRoot, kept, (event) => {
    const { cgroupId, resource, someSeconds, fullSeconds } = event as PressureEvent;
    told.push(`${cgroupId} ${resource} ${someSeconds} ${fullSeconds}`);
  });

  t.after(() => {
    pressure.close();
    kept.close();
  });
  return { kept, pressure, told, unified, procRoot };
}

const cgroup = (id: number, path: string): Cgroup => ({ id, path, place: path, parent: undefined, since: 0 });

const HOST = {
  'pressure/cpu': lines(1_500_000, 0),
  'pressure/memory': lines(2_000_000, 1_000_000),
  'pressure/io': lines(9_007_199_254_740_000, 0),
};

describe('the pressure of the host', () => {
  it('is told in seconds, without the full stall of the CPU that the kernel never fills in', (t) => {
    const { pressure, told } = reader(t, { ...HOST, 'pressure/irq': IRQ });

    pressure.readHost(0);

    assert.deepEqual(told, ['0 cpu 1.5 NaN', '0 memory 2 1', '0 io 9007199254.74 0', '0 irq NaN 42']);
  });

  it('is read anew each time', (t) => {
    const { pressure, procRoot, told } = reader(t, { 'pressure/io': lines(1e6, 0) });

    pressure.readHost(0);
    plant(procRoot, { 'pressure/io': lines(12e6, 3e6) });
    pressure.readHost(1000);

    assert.deepEqual(told, ['0 io 1 0', '0 io 12 3']);
  });

  it('is silent about a resource that this kernel does not know', (t) => {
    const { pressure, told } = reader(t, HOST);

    pressure.readHost(0);

    assert.equal(
      told.some((each) => each.includes('irq')),
      false,
    );
  });

  it('is an error that says what to do when there is none at all', (t) => {
    const { pressure, told } = reader(t, { stat: '' });

    assert.throws(() => pressure.readHost(0), /pressure\/irq: ENOENT; boot with psi=1/);
    assert.deepEqual(told, []);
  });
});

describe('the pressure of cgroups', () => {
  const FILES = { 'a/cpu.pressure': lines(1e6, 5e5), 'a/io.pressure': lines(2e6, 0), 'b/cpu.pressure': lines(3e6, 0) };
  const BOTH = [cgroup(7, '/a'), cgroup(8, '/b')];

  it('is told for those that have files, with the full stall', (t) => {
    const { pressure, told } = reader(t, HOST, FILES);

    pressure.readHost(0);
    told.length = 0;
    readAll(pressure, BOTH, 0);

    assert.deepEqual(told, ['7 cpu 1 0.5', '7 io 2 0', '8 cpu 3 0']);
  });

  it('is the same when there are more files than may stay open', (t) => {
    const { kept, pressure, told } = reader(t, HOST, FILES, 1);

    for (const at of [0, 1000]) readAll(pressure, BOTH, at);

    assert.deepEqual(
      told,
      [...Array(2)].flatMap(() => ['7 cpu 1 0.5', '7 io 2 0', '8 cpu 3 0']),
    );
    assert.equal(kept.openFiles, 1);
  });

  it('ends with the cgroup, and its files are closed', (t) => {
    const { kept, pressure, told, unified } = reader(t, HOST, FILES);
    readAll(pressure, BOTH, 0);
    rmSync(join(unified, 'a'), { recursive: true });
    told.length = 0;

    kept.keepOnly(new Map([[8, BOTH[1]!]]));
    readAll(pressure, [BOTH[1]!], 1000);

    assert.deepEqual([told, kept.openFiles], [['8 cpu 3 0'], 1]);
  });

  it('is looked for again a minute later where it was switched off', (t) => {
    const { pressure, told, unified } = reader(t, HOST, { a: null });
    const one = [BOTH[0]!];

    readAll(pressure, one, 0);
    plant(unified, { 'a/cpu.pressure': lines(1e6, 0) });
    readAll(pressure, one, 59_000);
    assert.deepEqual(told, []);

    readAll(pressure, one, 61_000);
    assert.deepEqual(told, ['7 cpu 1 0']);
  });
});

function readAll(pressure: Pressure, cgroups: readonly Cgroup[], at: number): void {
  for (const each of cgroups) pressure.readCgroup(each, at);
}
