import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { requirement } from '../support/require.ts';
import { culprit } from './culprit.ts';

const directory = mkdtempSync(join(tmpdir(), 'culprit-completion-'));
after(() => rmSync(directory, { recursive: true }));

/** What bash offers after these words; the last is the one being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const script = join(directory, 'culprit.bash');
  writeFileSync(script, (await culprit('completion bash')).out);
  const ask =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's.
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _culprit; printf "%s\\n" "${COMPREPLY[@]}"';

  return execFileSync('bash', ['-c', ask, 'bash', script, 'culprit', ...words], { cwd: directory, encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

describe('completion in bash', () => {
  it('offers commands first', async () => {
    assert.deepEqual(await offered('ch'), ['check-config']);
    assert.deepEqual(await offered('x'), []);
  });

  it('offers the flags of the command', async () => {
    assert.deepEqual(await offered('run', '--log'), ['--log-level', '--log-format']);
    assert.deepEqual(await offered('doctor', '--j'), ['--json']);
    assert.deepEqual(await offered('run', '--j'), []);
    assert.deepEqual(await offered('blame', '--w'), ['--watch', '--window']);
    assert.deepEqual(await offered('incidents', '--w'), ['--watch', '--workload']);
    assert.deepEqual(await offered('version', '--w'), []);
  });

  it('offers what a flag takes', async () => {
    writeFileSync(join(directory, 'mine.yaml'), '');

    assert.deepEqual(await offered('run', '--mode', ''), ['auto', 'bpf', 'procfs']);
    assert.deepEqual(await offered('run', '--config', 'mine'), ['mine.yaml']);
    assert.deepEqual(await offered('run', '--record', 'mine'), ['mine.yaml']);
    assert.deepEqual(await offered('run', '--otlp-endpoint', ''), []);
    assert.deepEqual(await offered('completion', 'f'), ['fish']);
    assert.deepEqual(await offered('blame', '--resource', ''), ['cpu', 'memory', 'io']);
    assert.deepEqual(await offered('blame', '--victim', ''), []);
    assert.deepEqual(await offered('incidents', '--state', ''), ['open', 'resolved', 'lost']);
    assert.deepEqual(await offered('incidents', '--detector', 'fork-b'), ['fork-bomb', 'fork-burst']);
  });
});

for (const shell of ['zsh', 'fish']) {
  it(`the ${shell} script is one that ${shell} can read`, { skip: requirement(shell) }, async () => {
    const { out } = await culprit(`completion ${shell}`);

    const script = join(directory, `culprit.${shell}`);
    writeFileSync(script, out);

    assert.equal(spawnSync(shell, ['-n', script]).status, 0);
  });
}

it('fish offers what follows', { skip: requirement('fish') }, async () => {
  const script = join(directory, 'offers.fish');
  writeFileSync(script, (await culprit('completion fish')).out);

  const offered = (line: string) =>
    execFileSync('fish', ['-c', `source ${script}; complete -C '${line}'`], { encoding: 'utf8' })
      .split('\n')
      .map((word) => word.split('\t')[0]);

  assert.ok(offered('culprit do').includes('doctor'));
  assert.deepEqual(offered('culprit run --mode p').filter(Boolean), ['procfs']);
  assert.deepEqual(offered('culprit completion f').filter(Boolean), ['fish']);
  assert.deepEqual(offered('culprit run --mode x').filter(Boolean), []);
});
