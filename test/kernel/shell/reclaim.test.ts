import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCgroupMounts } from '../../../src/kernel/mounts.ts';
import { requirement } from '../../support/require.ts';
import { observe, ownCgroup } from './observed.ts';

const LIMIT_BYTES = 16 << 20;
const NAME = `culprit-reclaim-${process.pid}`;
const { unified = '', v1 } = findCgroupMounts('/proc');

/** Reads more than fits, so that pages are let go, and then asks for more than there can be, and is killed. */
const HUNGRY = `head -c 67108864 /dev/zero > "$0"; cat "$0" "$0" > /dev/null; perl -e '$x = "x" x (1 << 26)'`;

/** A v2 cgroup under a limit of its own; on hybrid hosts the limit is that of a v1 cgroup with the same path. */
function limited(t: TestContext) {
  const cgroup = ownCgroup(t, NAME);
  const folder = v1.memory === undefined ? join(unified, NAME) : join(v1.memory, NAME);
  if (v1.memory !== undefined) {
    if (!existsSync(folder)) mkdirSync(folder);
    t.after(() => rmdirSync(folder));
    writeFileSync(join(folder, 'memory.limit_in_bytes'), `${LIMIT_BYTES}`);
  } else {
    writeFileSync(join(unified, 'cgroup.subtree_control'), '+memory');
    writeFileSync(join(folder, 'memory.max'), `${LIMIT_BYTES}`);
  }
  return { ...cgroup, procs: join(folder, 'cgroup.procs') };
}

/** Of the host, in seconds: tasks that had to find memory first. */
function pressureSeconds(id: string): number {
  const text = readFileSync(`${unified}${id}/memory.pressure`, 'latin1');
  return Number(/some .*total=(\d+)/.exec(text)?.[1]) / 1e6;
}

describe('a task that has to find memory', { skip: requirement('bpf', 'perl') }, () => {
  it('for the limit of its own cgroup waits for nobody but itself', async (t) => {
    const cgroup = limited(t);
    const { kernel, of, until } = await observe(t);
    const file = `/tmp/${NAME}`;
    t.after(() => cgroup.run(`rm -f ${file}`));
    await kernel.start();

    cgroup.run(`echo 0 > ${cgroup.procs}; sh -c '${HUNGRY.replaceAll("'", `'\\''`)}' ${file}; true`);
    const mine = () => of('stall').filter(({ resource, victimId }) => resource === 'memory' && victimId === cgroup.id);
    await until(() => mine().length > 0);
    await sleep(1_100);

    const seconds = mine().reduce((sum, { ns }) => sum + ns, 0) / 1e9;
    t.diagnostic(`${seconds} s of reclaim, ${pressureSeconds(cgroup.path)} s of pressure`);
    assert.deepEqual(
      new Set(mine().map(({ owner, basis }) => `${owner.kind} ${owner.id} ${basis}`)),
      new Set([`cgroup ${cgroup.id} measured`]),
    );
    assert.ok(seconds > 0 && seconds < 60);
  });

  it('is not seen where memory is plenty', async (t) => {
    const cgroup = ownCgroup(t);
    const { kernel, of } = await observe(t);
    await kernel.start();

    cgroup.run(`perl -e '$x = "x" x (1 << 26)'`);
    await sleep(1_500);

    assert.deepEqual(
      of('stall').filter(({ resource, victimId }) => resource === 'memory' && victimId === cgroup.id),
      [],
    );
  });
});
