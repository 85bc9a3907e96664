import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skipGuest, testInGuest } from '../guest/tests.ts';
import { containersUnavailable } from './engine.ts';

const skip = containersUnavailable() || skipGuest;

describe('on Linux 6.1, where an engine limits containers by cgroup v2', { skip }, () => {
  it('they are named, counted, blamed and held to their limits as on this host', async (t) => {
    const { report, ...verdict } = await testInGuest('test/containers/containers.test.ts', 600, {
      env: { CULPRIT_REQUIRE_CONTAINERS: '1' },
    });

    t.diagnostic(/^# duration_ms .*$/m.exec(report)?.[0] ?? 'no duration');
    assert.deepEqual(verdict, { status: 0, failed: 0, skipped: 0 }, report);
  });
});
