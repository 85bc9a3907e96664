import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skipGuest, testInGuest } from './tests.ts';

describe('on Linux 6.1, with controllers on v2 alone', { skip: skipGuest }, () => {
  it('a cgroup uses and may use what the kernel’s own files say', async () => {
    const { report, ...verdict } = await testInGuest('test/kernel/files/real-cgroups.test.ts', 120);

    assert.deepEqual(verdict, { status: 0, failed: 0, skipped: 0 }, report);
  });
});

describe('on Linux 6.1, with cgroup v1 alone', { skip: skipGuest }, () => {
  it('workloads are the directories of one controller: their counts are exact, their limits and stalls known', async () => {
    const { report, ...verdict } = await testInGuest('test/guest/v1-alone.ts', 240, { cgroups: 'v1' });

    assert.deepEqual(verdict, { status: 0, failed: 0, skipped: 0 }, report);
  });
});
