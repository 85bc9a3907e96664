import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listing, SCENARIOS } from '../scenarios/all.ts';
import { DETECTORS } from '../src/core/detect/index.ts';

const README = readFileSync(join(import.meta.dirname, '../scenarios/README.md'), 'utf8');
const ids = DETECTORS.map(({ id }) => id);
const expected = SCENARIOS.flatMap(({ expects }) => expects.map(({ detector }) => detector));

describe('the scenarios', () => {
  it('trigger each detector', () => {
    assert.deepEqual([...new Set(expected)].sort(), [...ids].sort());
  });

  it('allow no incident of a detector that there is not', () => {
    const allowed = SCENARIOS.flatMap(({ also = [] }) => also);

    assert.deepEqual(
      allowed.filter((id) => !ids.includes(id)),
      [],
    );
  });

  it('are listed in their README as `--list` lists them', () => {
    assert.equal(
      README.includes(listing()),
      true,
      'put what `npm run scenarios -- --list` prints into scenarios/README.md',
    );
  });
});
