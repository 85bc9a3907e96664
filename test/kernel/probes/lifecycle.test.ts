import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Cgroup } from '../../support/cgroup.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { exitSeesMemory, idOf, Probes } from './probes.ts';

const FORKS_23 = 'for (1..23) { my $pid = fork; if (!$pid) { exec "/bin/true" } waitpid $pid, 0 }';

describe('what the probes tell of processes', { skip: requirement('bpf', 'clang', 'bpftool') }, () => {
  let probes: Probes;
  let cgroup: Cgroup;
  let id: number;

  before(() => {
    probes = new Probes();
  });
  after(() => probes[Symbol.dispose]());

  /** Runs a command in a cgroup of its own, and reads the ring when its last process has exited. */
  async function run(name: string, ...command: string[]): Promise<void> {
    cgroup = new Cgroup(`culprit-${process.pid}-${name}`);
    id = idOf(cgroup);
    const exitsOf = () => probes.in(id, 'exit').length;

    try {
      await cgroup.run(command);
      await probes.until('the last exit', () => exitsOf() > probes.in(id, 'fork').length);
    } finally {
      await until(() => cgroup.isEmpty());
      cgroup.remove();
    }
  }

  it('twenty-three children are 23 forks, 23 execs and 23 exits, by the ring and by the map', async () => {
    await run('23', 'perl', '-e', FORKS_23);

    const [forks, execs, exits] = (['fork', 'exec', 'exit'] as const).map((kind) => probes.in(id, kind).length);
    const counts = probes.counts(id);

    assert.deepEqual({ forks, execs, exits }, { forks: 23, execs: 24, exits: 24 });
    assert.deepEqual([counts.forks, counts.execs, counts.exits], [23, 24, [24, 0, 0, 0]]);
    assert.equal(
      counts.lifetimes.reduce((sum, bucket) => sum + bucket, 0),
      24,
    );
    assert.deepEqual(counts.lost, { forks: 0, execs: 0, exits: [0, 0, 0, 0] });
  });

  it('a child names its parent, with the time at which that one started', async () => {
    await run('parent', 'perl', '-e', FORKS_23);

    const parent = probes.in(id, 'exec')[0]!;
    const named = new Set(probes.in(id, 'fork').map((fork) => `${fork.parentPid} ${fork.parentStartedNs}`));

    assert.deepEqual([...named], [`${parent.pid} ${parent.startedNs}`]);
  });

  it('an exec carries the executable, not what argv[0] claims, and the arguments as they are', async () => {
    await run('argv', 'perl', '-e', 'exec { "/bin/true" } "[kworker/0:1]", "a b", "\\xff\\n\\"", ""');

    const exec = probes.in(id, 'exec').at(-1)!;

    assert.equal(exec.exe, 'true');
    assert.deepEqual(Buffer.from(exec.argv), Buffer.from('[kworker/0:1]\0a b\0\xff\n"\0\0', 'latin1'));
  });

  it('of a long argv the first 256 bytes are there', async () => {
    await run('long', '/bin/true', 'x'.repeat(4_096));

    assert.equal(Buffer.from(probes.in(id, 'exec').at(-1)!.argv).toString(), `/bin/true\0${'x'.repeat(246)}`);
  });

  it('an exec that fails is no exec', async () => {
    await run('enoent', 'perl', '-e', 'exec "/nowhere"; exit 0');

    assert.equal(probes.counts(id).execs, 1);
  });

  for (const [reason, script, status] of [
    ['ok', 'exit 0', 0],
    ['error', 'exit 3', 3 << 8],
    ['signal', 'kill 9, $$', 9],
  ] as const)
    it(`an exit says ${reason}, with the status that wait(2) gets`, async () => {
      await run(reason, 'perl', '-e', script);

      const [exit] = probes.in(id, 'exit');

      assert.deepEqual([exit?.reason, exit?.status], [reason, status]);
    });

  it('the peak is that of the program, not of the larger one that forked it', async () => {
    await run('peak', 'perl', '-e', `my $x = "x" x 50e6; ${FORKS_23}`);

    const [perl, ...trues] = [...probes.in(id, 'exit')].sort((a, b) => b.rssPeakBytes - a.rssPeakBytes);

    assert.equal(perl!.rssPeakBytes > 50e6, true);
    // Before 6.16 there is only what getrusage(2) tells, which includes the image that an exec left.
    const limitBytes = exitSeesMemory() ? 10e6 : Number.POSITIVE_INFINITY;
    assert.equal(
      trues.every(({ rssPeakBytes }) => rssPeakBytes > 100e3 && rssPeakBytes < limitBytes),
      true,
    );
  });

  it('a thread is no process: it is counted, and ends without an event', async () => {
    await run('threads', process.execPath, '-e', `process.exitCode = fs.readdirSync('/proc/self/task').length`);

    const threads = probes.in(id, 'exit')[0]!.status >> 8;

    assert.equal(threads > 3, true);
    assert.equal(probes.counts(id).threads >= threads - 1, true);
    assert.deepEqual([probes.in(id, 'fork').length, probes.in(id, 'exit').length], [0, 1]);
  });

  it('twenty processes whose threads race to the end have one exit each', async () => {
    const one = `'${process.execPath}' -e 'process.reallyExit(3)'`;

    await run('race', 'sh', '-c', `for i in $(seq 20); do ${one}; done; exit 0`);

    assert.deepEqual(probes.counts(id).exits, [2, 20, 0, 0]);
    assert.equal(new Set(probes.in(id, 'exit').map((exit) => exit.pid)).size, 22);
  });

  it('nothing of it was unreadable', () => {
    assert.equal(probes.unreadable, 0);
  });
});
