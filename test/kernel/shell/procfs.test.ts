import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';
import { observe } from './observed.ts';

describe('the kernel, from /proc alone', () => {
  it('sees processes, forks and pressure, and says that it was told so', async (t) => {
    const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
    t.after(() => sleeper.kill());
    const { kernel, of, until, warnings } = await observe(t, { mode: 'procfs' });

    await kernel.start();
    const sample = await until(() =>
      of('process-sample').find(({ pid, exe }) => pid === sleeper.pid && exe === 'sleep'),
    );

    assert.deepEqual(
      [sample.parentPid, sample.comm, sample.state, sample.threads],
      [process.pid, 'sleep', 'sleeping', 1],
    );
    assert.ok(sample.fileBytes > 0 && sample.anonymousBytes > 0);
    assert.ok(of('host')[0]!.taskStarts > 0);
    assert.deepEqual(
      [kernel.mode, kernel.reasons(), warnings],
      ['procfs', ['probes are switched off: mode is procfs'], []],
    );
    assert.deepEqual([kernel.probes(), kernel.maps(), kernel.eventCounts()], [[], [], []]);
  });

  it('sees the CPU of children that no snapshot saw, in their parent', async (t) => {
    const { kernel, of, until } = await observe(t, { mode: 'procfs' });
    const burn = 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done';
    const ticks = () => of('process-sample').findLast(({ pid }) => pid === process.pid)!.childrenUserNs;
    await kernel.start();
    const before = ticks();

    spawnSync('sh', ['-c', `for n in 1 2 3 4 5; do ( ${burn} ) ; done`]);

    await until(() => ticks() - before >= 2e7);
  });

  it('tells each process once in a snapshot, and what was born before the next in the next', async (t) => {
    const { kernel, events, until } = await observe(t, { mode: 'procfs' });
    await kernel.start();
    const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
    t.after(() => sleeper.kill());

    await until(() => events.some((event) => event.kind === 'process-sample' && event.pid === sleeper.pid));

    const first = events.slice(
      0,
      events.findIndex(({ kind }) => kind === 'snapshot-end'),
    );
    const pids = first.flatMap((event) => (event.kind === 'process-sample' ? [event.pid] : []));
    assert.equal(new Set(pids).size, pids.length);
  });
});

const CHILD = `
import { openKernel } from './src/kernel/index.ts';
const [mode] = process.argv.slice(1);
const kinds = new Set(), warnings = [];
try {
  const kernel = await openKernel({
    mode, roots: { proc: '/proc', cgroup: '' }, objectPath: '', ringBytes: 65536, drainHz: 20,
    snapshotSeconds: 1, cgroupSeconds: 5, pressureSeconds: 1, stepDownPercent: 0.8, stopPercent: 1.5,
    emit: (event) => kinds.add(event.kind), now: () => performance.now(), warn: (line) => warnings.push(line),
  });
  await kernel.start();
  const failed = [...kernel.collectors()].filter(([, { success }]) => !success).map(([name]) => name);
  await kernel.stop();
  console.log(JSON.stringify({ mode: kernel.mode, reasons: kernel.reasons(), kinds: [...kinds].sort(), warnings, failed }));
} catch (error) {
  console.log(JSON.stringify({ error: error.message }));
}`;

/** Runs the kernel without any capability; as the same user, for a clone in a private home is out of nobody's reach. */
function unprivileged(mode: string): Record<string, unknown> {
  const setpriv = ['--bounding-set=-all', '--inh-caps=-all'];
  const { stdout, stderr } = spawnSync(
    'setpriv',
    [...setpriv, process.execPath, '--input-type=module', '-e', CHILD, mode],
    { cwd: new URL('../../..', import.meta.url), encoding: 'utf8' },
  );

  assert.notEqual(stdout, '', stderr);
  return JSON.parse(stdout);
}

describe('the kernel, without privilege', { skip: requirement('bpf', 'setpriv') }, () => {
  it('falls back to /proc, and says why', () => {
    const { mode, reasons, kinds, warnings, failed } = unprivileged('auto');

    assert.equal(mode, 'procfs');
    assert.match(
      String(reasons),
      /^probes can't run, \/proc tells less: cannot load culprit.bpf.o: EPERM; run as root or grant CAP_BPF and CAP_PERFMON/,
    );
    assert.deepEqual([warnings, failed], [[], []]);
    for (const kind of ['cgroup-made', 'host', 'pressure', 'process-sample', 'snapshot-end', 'tick']) {
      assert.ok((kinds as string[]).includes(kind), kind);
    }
  });

  it('refuses when probes were asked for', () => {
    assert.match(String(unprivileged('bpf').error), /EPERM; run as root or grant CAP_BPF and CAP_PERFMON/);
  });
});
