import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { detectorSource, listWith, testSource } from '../../src/generate/detector-scaffold.ts';

const LIST = readFileSync(join(import.meta.dirname, '../../src/core/detect/index.ts'), 'utf8');

describe('a new detector', () => {
  it('is put into the list by its name, and everything else stays', () => {
    const list = listWith(LIST, 'bad-thing').split('\n');

    assert.deepEqual(
      list.filter((line) => !LIST.split('\n').includes(line)),
      ["import badThing from './bad-thing.ts';", '  badThing,'],
    );
    assert.equal(list.length, LIST.split('\n').length + 2);
    assert.equal(list[0], "import badThing from './bad-thing.ts';");
  });

  it('has no runbook and a test that fails, so that nobody forgets either', () => {
    assert.match(detectorSource('bad-thing'), /id: 'bad-thing',\n {2}title: 'Bad thing',[\s\S]*meaning: ''/);
    assert.match(testSource('bad-thing'), /import badThing from [\s\S]*host\(badThing\)[\s\S]*\['bad-thing: who'\]/);
  });
});
