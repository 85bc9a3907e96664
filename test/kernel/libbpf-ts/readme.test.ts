import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as binding from '../../../src/libbpf-ts/index.ts';
import { compileBpf } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

const root = new URL('../../../src/libbpf-ts/', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

/** The first fenced block of a language. */
const block = (language: string) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1] ?? '';

describe('the README of libbpf-ts', () => {
  it('has an example that runs as printed', { skip: requirement('bpf', 'clang') }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
    writeFileSync(join(folder, 'forks.bpf.o'), compileBpf(block('c')));
    writeFileSync(
      join(folder, 'example.ts'),
      block('ts').replace("'libbpf-ts'", `'${new URL('index.ts', root).href}'`),
    );

    const output = execFileSync(process.execPath, ['example.ts'], { cwd: folder, encoding: 'utf8' });
    rmSync(folder, { recursive: true });

    assert.match(output, /^(\d+ started \d+\n){3}3 records, 0 lost\n$/);
  });

  it('names nothing that is not exported', () => {
    const table = readme.slice(readme.indexOf('## What there is'), readme.indexOf('## Errors'));
    const named = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => cell?.match(/\w+/g) ?? []);

    assert.deepEqual(
      named.filter((name) => !(name in binding)),
      [],
    );
    assert.equal(named.length > 10, true);
  });
});
