import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { DETECTORS } from '../../../src/core/detect/index.ts';

const ROOT = join(import.meta.dirname, '../../..');
const UNITS = /(?:Seconds|Milliseconds|PerSecond|Ratio|Percent|Bytes)$/;
/** What is counted is named by what it is. */
const COUNTS = /^(?:forks|zombies|deaths|execs|processes|tasks|kills|doublings)$/;

const stems = globSync('src/core/detect/*.ts', { cwd: ROOT })
  .filter((path) => /export default detector\(/.test(readFileSync(join(ROOT, path), 'utf8')))
  .map((path) => basename(path, '.ts'))
  .sort();

describe('every detector', () => {
  it('is in the list, under the name of its file', () => {
    assert.deepEqual(
      DETECTORS.map(({ id }) => id),
      stems,
    );
  });

  it('has a test of its own: it fires, is silent twice, ends, and needs its threshold', () => {
    const lacking = stems.filter((stem) => {
      const text = read(`test/core/detect/${stem}.test.ts`);
      const silences = text.match(/it\([`'"](?:is silent|does not|counts two|stays)/g)?.length ?? 0;
      return silences < 2 || !/it\([`'"]ends /.test(text) || !/it\([`'"]needs so /.test(text);
    });

    assert.deepEqual(lacking, []);
  });

  it('has a runbook without an empty heading', () => {
    const empty = DETECTORS.filter(({ runbook }) => {
      return Object.values(runbook).some((prose) => prose.trim().length < 20 || /TODO/.test(prose));
    });

    assert.deepEqual(
      empty.map(({ id }) => id),
      [],
    );
  });

  it('says the unit of each option at the end of its name, and what it is', () => {
    const nameless = DETECTORS.flatMap(({ id, options }) =>
      Object.entries(options)
        .filter(([name, { description }]) => !(UNITS.test(name) || COUNTS.test(name)) || description === '')
        .map(([name]) => `${id}: ${name}`),
    );

    assert.deepEqual(nameless, []);
  });

  it('has defaults within their bounds', () => {
    const outside = DETECTORS.flatMap(({ id, options }) =>
      Object.entries(options)
        .filter(([, { default: initial, minimum, maximum }]) => initial < minimum || initial > maximum)
        .map(([name]) => `${id}: ${name}`),
    );

    assert.deepEqual(outside, []);
  });
});

function read(path: string): string {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
