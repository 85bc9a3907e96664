import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { identifyHost } from '../../../src/kernel/host.ts';
import { HostReader } from '../../../src/kernel/host-reader.ts';
import { readSelf } from '../../../src/kernel/self.ts';
import { hostTold } from '../../core/support/events.ts';
import { type Files, tree } from './tree.ts';

function hostReader(t: TestContext, files: Files): HostReader {
  const reader = new HostReader(tree(t, files));

  t.after(() => reader.close());
  return reader;
}

describe('what the host uses', () => {
  const STAT = { stat: 'cpu 1 2\nctxt 5\nprocesses 70823\n' };

  it('is how many tasks were started, behind a line of any length', (t) => {
    const interrupts = `intr ${'0 '.repeat(200_000)}`;
    const reader = hostReader(t, { stat: `cpu 1 2\n${interrupts}\nctxt 5\nprocesses 70823\nprocs_running 1\n` });

    assert.deepEqual(reader.read(7), hostTold({ at: 7, taskStarts: 70823 }));
  });

  it('is its tasks, files and memory too, with what it may use of each', (t) => {
    const reader = hostReader(t, {
      ...STAT,
      loadavg: '0.20 0.18 0.12 3/812 11206\n',
      meminfo: 'MemTotal:       4096 kB\nMemFree:        1 kB\nMemAvailable:   2048 kB\nSwapFree:              8 kB\n',
      'sys/fs/file-nr': '864\t0\t2466160\n',
      'sys/kernel/pid_max': '32768\n',
      'sys/kernel/threads-max': '192729\n',
    });

    assert.deepEqual(
      reader.read(0),
      hostTold({
        taskStarts: 70823,
        tasks: 812,
        tasksMax: 32768,
        filesOpen: 864,
        filesMax: 2466160,
        memoryTotalBytes: 4096 * 1024,
        memoryAvailableBytes: 2048 * 1024,
        swapFreeBytes: 8 * 1024,
      }),
    );
  });

  it('may be as many tasks as threads, where those are fewer than pids', (t) => {
    const sys = { 'sys/kernel/pid_max': '4194304\n', 'sys/kernel/threads-max': '1000\n' };

    assert.equal(hostReader(t, { ...STAT, ...sys }).read(0).tasksMax, 1000);
  });

  it('is an error where the tasks started are not told, never a zero', (t) => {
    assert.throws(() => hostReader(t, { stat: 'cpu 1\n' }).read(0), /has no line "processes"/);
    assert.throws(() => hostReader(t, {}).read(0), /cannot read .*stat: ENOENT/);
  });
});

describe('the host', () => {
  it('is the one whose root is mounted, in a container', (t) => {
    const root = tree(t, {
      'etc/hostname': 'node-7\n',
      'etc/machine-id': '3d12\n',
      'usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\nNAME=\'x\'\n',
    });
    const { hostname, machineId, os } = identifyHost('/proc', root);

    assert.deepEqual(
      [hostname, machineId, os],
      ['node-7', '3d12', { id: 'debian', version: '12', prettyName: 'Debian GNU/Linux 12' }],
    );
  });

  it('that tells nothing about itself has empty names', (t) => {
    const { machineId, os } = identifyHost('/proc', tree(t, {}));

    assert.deepEqual([machineId, os], ['', { id: '', version: '', prettyName: '' }]);
  });
});

describe('what we use ourselves', () => {
  it('is what the kernel says', () => {
    const { stdout } = spawnSync('sh', ['-c', 'ulimit -n']);
    const self = readSelf();
    const usedMs = process.cpuUsage();

    assert.equal(self.maxFds, Number(stdout));
    assert.ok(Math.abs(self.cpuSeconds - (usedMs.user + usedMs.system) / 1e6) < 0.5);
    assert.ok(Math.abs(self.startedAtSeconds * 1000 - (Date.now() - process.uptime() * 1000)) < 5000);
    assert.ok(self.virtualBytes > self.residentBytes && self.residentBytes > 10e6);
  });

  it('grows by one descriptor when one is opened', () => {
    const before = readSelf().openFds;
    const fd = openSync('/dev/null', 'r');

    assert.equal(readSelf().openFds, before + 1);
    closeSync(fd);
    assert.equal(readSelf().openFds, before);
  });
});
