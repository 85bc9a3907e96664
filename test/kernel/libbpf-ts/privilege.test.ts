import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { compileFixture } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

const binding = new URL('../../../src/libbpf-ts/index.ts', import.meta.url).href;
const withoutPrivilege = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
const withoutBtf = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /sys/kernel/btf && exec "$0" "$@"'];

/** In another process: privileges that are gone do not come back. */
describe('a process', { skip: requirement('bpf', 'clang', 'setpriv', 'unshare') }, () => {
  let folder: string;
  let path: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
    path = join(folder, 'fixture.bpf.o');
    writeFileSync(path, compileFixture());
  });

  after(() => rmSync(folder, { recursive: true }));

  /** Runs a module body, with the binding as `bpf` and the fixture's `path`, and returns what it passes to `say`, as JSON. */
  const run = (body: string, prefix: readonly string[] = []): unknown => {
    const prologue = `import * as bpf from '${binding}'; const path = ${JSON.stringify(path)};`;
    const say = 'const say = (value) => console.log(JSON.stringify(value));';
    const [command = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', prologue + say + body];

    return JSON.parse(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  };

  const loading = 'try { bpf.BpfObject.open(path).load(); say("loaded"); } catch (error) { say(error.message); }';
  const holders = `Object.fromEntries(['main', 'others'].map((who) => [who, [...new Set(bpf.threadCapabilities()
      .filter(({ thread }) => (thread === process.pid) === (who === 'main'))
      .flatMap(({ effective }) => [...effective]))].sort()]))`;

  it('without privilege is told which privileges to have, and nothing of memory locks', () => {
    assert.equal(
      run(loading, withoutPrivilege),
      'cannot load fixture.bpf.o: EPERM; run as root or grant CAP_BPF and CAP_PERFMON (a kernel in lockdown refuses everyone)',
    );
  });

  it('without privilege cannot count program runs, and is told so', () => {
    const body = 'try { new bpf.RunStatistics(); } catch (error) { say([error.name, error.code, error.message]); }';

    assert.deepEqual(run(body, withoutPrivilege), [
      'KernelError',
      'EPERM',
      'cannot count program runs: EPERM; run as root or grant CAP_SYS_ADMIN: programs run all the same, only their cost is unknown',
    ]);
  });

  it('on a kernel without BTF is told what the kernel must be built with', () => {
    assert.match(
      String(run(loading, withoutBtf)),
      /^cannot load .*fixture\.bpf\.o: \w+; the kernel has no \/sys\/kernel\/btf\/vmlinux: .*CONFIG_DEBUG_INFO_BTF=y/,
    );
    assert.equal(run('say(bpf.hasKernelBtf())', withoutBtf), false);
  });

  it('that has BPF and PERFMON only can load, attach and iterate', () => {
    const body = `
      bpf.dropCapabilities(['CAP_BPF', 'CAP_PERFMON']);
      const object = bpf.BpfObject.open(path).load();
      object.program('on_fork').attach();
      say([[...bpf.effectiveCapabilities()].sort(), new bpf.IteratorReader(object.program('dump_task').attach()).run().length > 0]);
      object.close();`;

    assert.deepEqual(run(body), [['CAP_BPF', 'CAP_PERFMON'], true]);
  });

  it('that drops capabilities has them gone in its main thread, and says which threads keep theirs', () => {
    const body = `
      const left = bpf.dropCapabilities([]);
      const measured = bpf.threadCapabilities().filter(({ effective }) => effective.size > 0);
      say([bpf.effectiveCapabilities().size, left.map(({ thread }) => thread), measured.map(({ thread }) => thread),
        left.some(({ thread }) => thread === process.pid)]);`;
    const [held, left, measured, mainIsLeft] = run(body) as [number, number[], number[], boolean];

    assert.equal(held, 0);
    assert.deepEqual(left, measured);
    assert.equal(mainIsLeft, false);
  });

  it('that leaves root keeps what it names in the main thread, and nothing in any other', () => {
    const body = `
      const object = bpf.BpfObject.open(path).load();
      bpf.leaveRoot({ uid: 65534, gid: 65534 }, ['CAP_BPF', 'CAP_PERFMON']);
      const iterated = new bpf.IteratorReader(object.program('dump_task').attach()).run().length > 0
        && object.map('table').memoryBytes() > 0 && new bpf.RingReader(object.map('ring')).pendingBytes() === 0;
      say([process.getuid(), process.getgid(), process.getgroups(), ${holders}, iterated]);
      object.close();`;

    assert.deepEqual(run(body), [65534, 65534, [65534], { main: ['CAP_BPF', 'CAP_PERFMON'], others: [] }, true]);
  });

  it('that drops nothing keeps all it has, in every thread', () => {
    const body = `
      const before = ${holders};
      const left = bpf.dropCapabilities([...bpf.CAPABILITIES]);
      say([left.length, JSON.stringify(before) === JSON.stringify(${holders})]);`;

    assert.deepEqual(run(body), [0, true]);
  });
});
