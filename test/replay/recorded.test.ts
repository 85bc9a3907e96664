import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';

import { replay } from '../../src/app/replay/replay.ts';
import type { Replayed } from '../../src/cli/index.ts';

const FOLDER = import.meta.dirname;

/** When after the begin, what, who, where, and how bad: a line each, in the order in which they were found. */
function told({ recording, incidents }: Replayed): string {
  const lines = incidents.map(({ detectedAt, detector, severity, state, culprit, entity, peak, unit }) => {
    const seconds = (Date.parse(detectedAt) - Date.parse(recording.began)) / 1_000;
    const who = culprit.process?.exe ?? entity.name;
    return [
      `${seconds.toFixed(1)} s`,
      ...[detector, severity, who, culprit.workload?.name ?? '?'],
      `${Number(peak.value.toPrecision(3))} ${unit}`,
      state,
    ].join('  ');
  });
  return lines.toSorted((one, other) => Number.parseFloat(one) - Number.parseFloat(other)).join('\n');
}

describe('what happened once on a real host', () => {
  for (const file of globSync('*.rec', { cwd: FOLDER }))
    it(`${basename(file, '.rec')} is concluded again`, async () => {
      const path = join(FOLDER, file);

      const [once, again] = [await replay(path), await replay(path)];

      assert.equal(told(once), readFileSync(path.replace(/rec$/, 'txt'), 'utf8').trim());
      assert.equal(JSON.stringify(once), JSON.stringify(again));
      assert.equal(once.recording.ending, 'stopped');
    });
});
