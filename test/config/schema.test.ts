import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { stringify } from 'yaml';

import { configPage, jsonSchema, KEYS } from '../../src/config/index.ts';
import { faults, load } from './files.ts';

describe('the schema', () => {
  it('has a valid default and a description for every key', () => {
    const defaults = KEYS.map(({ path, schema }) =>
      path.reduceRight<unknown>((value, name) => ({ [name]: value }), schema.default),
    );

    for (const [index, value] of defaults.entries()) {
      const { name, schema } = KEYS[index]!;
      // Of no use alone, and refused for it.
      const isSaid = schema.default !== '' && !name.startsWith('otlp.') && name !== 'recordMebibytes';

      assert.notEqual(schema.description ?? '', '', name);
      assert.notEqual(schema.default, undefined, name);
      if (isSaid) assert.deepEqual(faults(load(stringify(value))), [], name);
    }
  });

  it('names every key once as variable and as flag', () => {
    assert.equal(new Set(KEYS.map(({ variable }) => variable)).size, KEYS.length);
    assert.equal(new Set(KEYS.map(({ flag }) => flag)).size, KEYS.length);
    assert.ok(
      KEYS.every(({ variable, flag }) => /^CULPRIT(_[A-Z]+)+$/.test(variable) && /^[a-z]+(-[a-z]+)*$/.test(flag)),
    );
  });

  it('is a JSON schema that an editor can use: a sparse file passes, an unknown key does not', () => {
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(jsonSchema());

    assert.ok(check({}));
    assert.ok(check({ log: { level: 'debug' }, groups: [{ name: 'web', comm: 'nginx' }] }));
    assert.ok(!check({ log: { levle: 'debug' } }));
    assert.ok(!check({ groups: [{ comm: 'nginx' }] }));
  });

  it('has a page with every key', () => {
    const page = configPage();

    assert.deepEqual(
      KEYS.filter(({ name }) => !page.includes(`| \`${name}\` |`)),
      [],
    );
  });
});
