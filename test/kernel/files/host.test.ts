import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HostReader, identifyHost } from '../../../src/kernel/host.ts';
import { readSelf } from '../../../src/kernel/self.ts';
import { tree } from './tree.ts';

describe('the host', () => {
  it('tells how many tasks were started, behind a line of any length', (t) => {
    const interrupts = `intr ${'0 '.repeat(200_000)}`;
    const procRoot = tree(t, { stat: `cpu 1 2\n${interrupts}\nctxt 5\nbtime 9\nprocesses 70823\nprocs_running 1\n` });

    assert.deepEqual(new HostReader(procRoot).read(7), { kind: 'host', at: 7, taskStarts: 70823 });
  });

  it('is an error where that line is missing, never a zero', (t) => {
    assert.throws(() => new HostReader(tree(t, { stat: 'cpu 1\n' })).read(0), /has no line "processes"/);
  });

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
