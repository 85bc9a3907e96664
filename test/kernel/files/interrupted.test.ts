import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';

const SUPPORT = new URL('../../support/cgroup.ts', import.meta.url);
/** A test with a hog that works for nobody, in a cgroup of its own. */
const TEST = `
  const { Cgroup } = await import(${JSON.stringify(SUPPORT)});
  const cgroup = new Cgroup('culprit-interrupted-' + process.pid);
  await cgroup.run(['setsid', '--fork', 'sleep', '1000']);
  console.log(cgroup.folder.toString());
  setInterval(() => {}, 1000);`;

describe('a test that is interrupted', { skip: requirement('bpf') }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`by ${signal} leaves no hog behind, and no cgroup`, async () => {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', TEST], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const told = text(child.stdout);
      await once(child.stdout, 'readable');
      child.kill(signal);
      const [code] = await once(child, 'exit');

      const folder = (await told).trim();
      assert.deepEqual([code, folder !== '', existsSync(folder)], [signal === 'SIGINT' ? 130 : 143, true, false]);
    });
});
