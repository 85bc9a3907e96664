import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probeReadings } from '../../src/app/reading.ts';
import type { Probe } from '../../src/kernel/probes.ts';

function attachedAndWanted(probe: Pick<Probe, 'attached' | 'reason'>): number[] {
  const probes = [{ name: 'on_io_start', required: false, runs: 0, runSeconds: 0, ...probe }];
  const told = [...probeReadings({ probes: () => probes, maps: () => [] })];
  return ['culprit.probe.attached', 'culprit.probe.wanted'].flatMap((family) =>
    told.filter((sample) => sample.family === family).map(({ value }) => value),
  );
}

describe('a probe, as Culprit tells of it', () => {
  it('is wanted while it is attached, and while it should be and a reason tells why it is not', () => {
    assert.deepEqual(attachedAndWanted({ attached: true }), [1, 1]);
    assert.deepEqual(attachedAndWanted({ attached: false, reason: 'EPERM' }), [0, 1]);
  });

  it('is not wanted, and no sign of blindness, while nobody asks for it', () => {
    assert.deepEqual(attachedAndWanted({ attached: false }), [0, 0]);
  });
});
