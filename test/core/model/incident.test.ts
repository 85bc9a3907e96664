import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onClock } from '../../../src/core/model/incident.ts';
import { INCIDENT } from '../../http/culprit.ts';

describe('an incident on another clock', () => {
  it('has other instants, all by the same, so that each duration stays what it was', () => {
    const moved = onClock({ ...INCIDENT, resolvedAt: 9_000 }, -3_600_000);

    assert.deepEqual(
      [moved.onsetAt, moved.detectedAt, moved.peakAt, moved.heldAt, moved.resolvedAt, moved.evidence[0]!.from],
      [-3_595_500, -3_595_000, -3_595_000, -3_595_000, -3_591_000, -3_595_500],
    );
  });

  it('is still open when it was', () => {
    assert.equal(onClock(INCIDENT, 1).resolvedAt, Number.NaN);
  });
});
