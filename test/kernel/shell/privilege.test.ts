import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';

/** In a process of its own: what is dropped is gone for good. */
const CHILD = `
import { execFileSync } from 'node:child_process';
import { openKernel } from './src/kernel/index.ts';
import { dropPrivilege } from './src/kernel/privilege.ts';
import { effectiveCapabilities } from './src/libbpf-ts/index.ts';
let snapshots = 0;
const twice = Promise.withResolvers();
const kernel = await openKernel({
  mode: 'bpf', roots: { proc: '/proc', cgroup: '' }, objectPath: '', ringBytes: 65536, drainHz: 20,
  snapshotSeconds: 0.1, cgroupSeconds: 0.1, pressureSeconds: 0.5, stepDownPercent: 0.8, stopPercent: 1.5, blameIo: 'auto',
  emit: ({ kind }) => kind === 'snapshot-end' && ++snapshots === 3 && twice.resolve(),
  now: () => performance.now(), warn: (line) => console.error(line),
});
await kernel.start();
const told = dropPrivilege();
execFileSync('true');
await twice.promise;
const failed = [...kernel.collectors()].filter(([, { success }]) => !success);
const { runs } = kernel.probes().find(({ name }) => name === 'on_exec');
const counts = kernel.eventCounts().length;
await kernel.stop();
console.log(JSON.stringify({ told, held: [...effectiveCapabilities()].sort(), failed, counts, hasRuns: runs > 0 }));`;

describe('the kernel, after it gave up what it needs no more', { skip: requirement('bpf') }, () => {
  it('goes on as before, with four capabilities', () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', CHILD], {
      cwd: new URL('../../..', import.meta.url),
      encoding: 'utf8',
    });
    const { told, ...rest } = JSON.parse(stdout || `{"told": ${JSON.stringify(stderr)}}`);

    assert.deepEqual(rest, {
      held: ['CAP_BPF', 'CAP_DAC_READ_SEARCH', 'CAP_PERFMON', 'CAP_SYS_PTRACE'],
      failed: [],
      counts: 10,
      hasRuns: true,
    });
    assert.match(told, /kept no capability but CAP_BPF, CAP_PERFMON/);
    assert.equal(stderr, '');
  });
});
