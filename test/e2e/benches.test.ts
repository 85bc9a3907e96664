import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { before, describe, it } from 'node:test';
import { requirement } from '../support/require.ts';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const benches = Object.entries(scripts).filter(([name]) => name.startsWith('bench:') || name === 'scenarios');
const WITHIN_MS = 900_000;

/** They wait nearly all the time, and so they do it beside the others, who measure. */
const WAITING: ReadonlySet<string> = new Set(['bench:outage']);

type Outcome = Awaited<ReturnType<typeof run>>;

async function run(command: string) {
  const [program = '', ...args] = command.split(' ');
  const child = spawn(program, [...args, '--smoke'], { cwd: root, timeout: WITHIN_MS });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, status: signal ?? code };
}

/** With loose bars: it shows that each bench still runs and measures, not that this machine is quiet. */
describe('benches and scenarios, in a smoke run', { skip: requirement('bpf', 'clang') }, () => {
  const waiting = new Map<string, Promise<Outcome>>();

  before(() => {
    for (const [name, command] of benches) if (WAITING.has(name)) waiting.set(name, run(command));
  });

  for (const [name, command] of benches.toSorted(
    ([one], [other]) => Number(WAITING.has(one)) - Number(WAITING.has(other)),
  )) {
    it(`${name} holds its loose bars`, async () => {
      const { status, stdout, stderr } = await (waiting.get(name) ?? run(command));

      assert.equal(status, 0, `${stdout}\n${stderr}`);
      assert.doesNotMatch(stderr, /Warning/);
    });
  }
});
