import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { idOf, Probes } from './probes.ts';

const LIMIT_BYTES = 16 * 1024 * 1024;
const V1 = '/sys/fs/cgroup/memory';
const V2_CONTROL = '/sys/fs/cgroup/cgroup.subtree_control';

/** Limits a group by whichever hierarchy has the memory controller; the file that a process enters it by. */
function limit(cgroup: Cgroup): { readonly procs: string; remove(): void } {
  if (existsSync(V2_CONTROL)) {
    writeFileSync(V2_CONTROL, '+memory');
    writeFileSync(`${cgroup.folder}/memory.max`, String(LIMIT_BYTES));
    return { procs: cgroup.procs, remove() {} };
  }

  const folder = `${V1}/culprit-${process.pid}`;
  mkdirSync(folder);
  writeFileSync(`${folder}/memory.limit_in_bytes`, String(LIMIT_BYTES));
  return { procs: `${folder}/cgroup.procs`, remove: () => rmdirSync(folder) };
}

const hasController = existsSync(V1) || existsSync(V2_CONTROL);
const skip = requirement('bpf', 'clang', 'bpftool') || (!hasController && 'there is no memory controller');

describe('a process that outgrows 16 MiB', { skip }, () => {
  async function run(script: string) {
    using probes = new Probes();
    const cgroup = new Cgroup(`culprit-${process.pid}-oom`);
    const id = idOf(cgroup);
    const limited = limit(cgroup);

    await cgroup.run(['sh', '-c', `echo 0 > ${limited.procs}; exec perl -e '${script}'`]);
    await until(() => cgroup.isEmpty());
    const [exit] = probes.in(id, 'exit');
    const result = { exit, ooms: probes.in(id, 'oom'), counts: structuredClone(probes.counts(id)) };
    await until(() => removed(limited.remove));
    cgroup.remove();
    return result;
  }

  it('is named as the victim with its sizes, and its exit says oom', async () => {
    const { exit, ooms, counts } = await run('my $x = "x" x 64e6; exit 0');
    const [oom] = ooms;

    assert.deepEqual([exit?.reason, exit?.status], ['oom', 9]);
    assert.deepEqual([oom?.pid, oom?.startedNs, oom?.comm, oom?.uid], [exit?.pid, exit?.startedNs, 'perl', 0]);
    assert.equal(oom!.anonymousBytes > LIMIT_BYTES / 2 && oom!.anonymousBytes <= LIMIT_BYTES, true);
    assert.equal(oom!.totalVmBytes > 64e6 && oom!.pageTableBytes > 0, true);
    assert.deepEqual([counts.oomKills, counts.exits], [1, [0, 0, 0, 1]]);
  });

  it('is not one that was killed by hand', async () => {
    const { exit, ooms, counts } = await run('kill 9, $$');

    assert.deepEqual([exit?.reason, ooms, counts.oomKills], ['signal', [], 0]);
  });
});

function removed(remove: () => void): boolean {
  try {
    remove();
    return true;
  } catch {
    return false;
  }
}
