import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { listing, SCENARIOS } from '../scenarios/all.ts';
import { DETECTORS } from '../src/core/detect/index.ts';

const README = readFileSync(join(import.meta.dirname, '../scenarios/README.md'), 'utf8');

describe('the scenarios', () => {
  it('trigger each detector', () => {
    const triggered = new Set(SCENARIOS.flatMap(({ expects }) => expects.map(({ detector }) => detector)));

    assert.deepEqual(
      DETECTORS.map(({ id }) => id).filter((id) => !triggered.has(id)),
      [],
    );
  });

  it('know no detector that there is not', () => {
    const ids = DETECTORS.map(({ id }) => id);
    const named = SCENARIOS.flatMap(({ expects, also = [] }) => [...expects.map(({ detector }) => detector), ...also]);

    assert.deepEqual(
      named.filter((id) => !ids.includes(id)),
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
