import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requirement } from '../support/require.ts';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const benches = Object.entries(scripts).filter(([name]) => name.startsWith('bench:') || name === 'scenarios');

/** With loose bars: it shows that each bench still runs and measures, not that this machine is quiet. */
describe('benches and scenarios, in a smoke run', { skip: requirement('bpf', 'clang') }, () => {
  for (const [name, command] of benches) {
    it(`${name} holds its loose bars`, () => {
      const [program = '', ...args] = command.split(' ');

      const { status, stdout, stderr } = spawnSync(program, [...args, '--smoke'], {
        cwd: root,
        encoding: 'utf8',
        timeout: 900_000,
      });

      assert.equal(status, 0, `${stdout}\n${stderr}`);
      assert.doesNotMatch(stderr, /Warning/);
    });
  }
});
