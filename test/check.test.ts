import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const steps = [...readFileSync(join(ROOT, 'check'), 'utf8').matchAll(/^step (test\S*)$/gm)].map(([, name]) => name!);

/** Those that a script of package.json runs. */
function filesOf(script: string): string[] {
  const patterns = [...scripts[script]!.matchAll(/'([^']+)'/g)].map(([, pattern]) => pattern!);
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT }));
}

describe('./check', () => {
  it('runs each test, and each once', () => {
    const all = globSync('test/**/*.test.ts', { cwd: ROOT });

    assert.deepEqual(steps.flatMap(filesOf).toSorted(), all.toSorted());
  });

  it('runs what wants the machine for itself one after the other, and the rest not', () => {
    const alone = steps.filter((step) => scripts[step]!.includes('--test-concurrency=1'));

    assert.deepEqual(alone, ['test:kernel', 'test:containers', 'test:e2e']);
  });
});
