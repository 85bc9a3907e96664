import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { env, execPath } from 'node:process';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { guestUnavailable } from './machine.ts';

const runner = fileURLToPath(new URL('run.ts', import.meta.url));
const skip = env.CULPRIT_REQUIRE_GUEST !== '1' && ((await guestUnavailable()) ?? false);

describe('the guest with an older kernel', () => {
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/culprit guest's-`));
  after(() => rmSync(folder, { recursive: true }));

  function guest(...words: string[]) {
    const { status, stdout, stderr } = spawnSync(execPath, [runner, ...words], { cwd: folder, encoding: 'utf8' });
    return { status, stdout, stderr };
  }

  it("runs our Node with the host's libbpf in the current directory, on Linux 6.1 with cgroup v2 alone", {
    skip,
  }, () => {
    const program = `
      const { readFileSync } = require('node:fs');
      const libbpf = require(${JSON.stringify(fileURLToPath(import.meta.resolve('koffi')))}).load('libbpf.so.1');
      console.log(JSON.stringify({
        linux: require('node:os').release().split('.').slice(0, 2).join('.'),
        node: process.version,
        folder: process.cwd(),
        libbpf: libbpf.func('uint32_t libbpf_major_version()')(),
        controllers: readFileSync('/sys/fs/cgroup/cgroup.controllers', 'utf8').match(/\\b(cpu|memory|io|pids)\\b/g),
      }));`;

    const { status, stdout, stderr } = guest('--', 'node', '--eval', program);

    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), {
      linux: '6.1',
      node: process.version,
      folder,
      libbpf: 1,
      controllers: ['cpu', 'io', 'memory', 'pids'],
    });
  });

  it('hands out both streams and the exit status, and forgets what was written', { skip }, () => {
    const end = guest('--', 'sh', '-c', 'echo "$0" | tee kept; echo oops >/dev/stderr; exit 3', "it's 100 %");

    assert.deepEqual(end, { status: 3, stdout: "it's 100 %\n", stderr: 'oops\n' });
    assert.equal(existsSync(`${folder}/kept`), false);
  });

  it('does not wait for what the command left behind', { skip }, () => {
    const end = guest('--', 'sh', '-c', 'sleep 1000 & echo done');

    assert.deepEqual(end, { status: 0, stdout: 'done\n', stderr: '' });
  });

  it('is ended at its timeout, and says so', { skip }, () => {
    const end = guest('--timeout', '5', '--', 'sleep', '1000');

    assert.deepEqual(end, { status: 124, stdout: '', stderr: 'guest: not done after 5 s: ended\n' });
  });

  it('shows the last words of a kernel that died', { skip }, () => {
    const { status, stderr } = guest('--', 'sh', '-c', 'echo c >/proc/sysrq-trigger');

    assert.equal(status, 125);
    assert.match(stderr, /Kernel panic - not syncing: sysrq triggered crash/);
  });

  it('does not boot for a command line that it cannot read', { skip }, () => {
    assert.match(guest('--timeout', 'soon', '--', 'true').stderr, /--timeout wants seconds, not 'soon'/);
    assert.match(guest().stderr, /a command is missing/);
  });
});
