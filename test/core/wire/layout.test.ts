import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LAYOUT } from '../../../src/core/wire/layout.ts';
import { type Btf, btfOfObject, layoutOf } from '../../../src/libbpf-ts/index.ts';
import { requirement } from '../../support/require.ts';

const FOLDER = fileURLToPath(new URL('../../../bpf', import.meta.url));
const OBJECT = fileURLToPath(new URL('../../../dist/layout.o', import.meta.url));

/** The same shape as LAYOUT, from the compiler. */
function compiledLayout(btf: Btf, record: string) {
  const { sizeBytes, members } = layoutOf(btf, record);

  return { size: sizeBytes, fields: Object.fromEntries(members.map(({ name, offsetBytes }) => [name, offsetBytes])) };
}

describe('the wire', { skip: requirement('clang', 'make') }, () => {
  let btf: Btf;

  before(() => {
    execFileSync('make', ['--silent', '-C', FOLDER, '../dist/layout.o']);
    btf = btfOfObject(readFileSync(OBJECT));
  });

  for (const [record, layout] of Object.entries(LAYOUT))
    it(`has ${record} where the compiler put it, to the byte`, () => {
      assert.deepEqual(layout, compiledLayout(btf, record));
    });
});
