import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { BpfObject, KernelError, loadWhatWorks } from '../../../src/libbpf-ts/index.ts';
import { asU64, compileFixture } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

const forkTimes = (times: number) => Array.from({ length: times }, () => spawnSync('true'));

describe('a BPF object', { skip: requirement('bpf', 'clang') }, () => {
  let bytes: Uint8Array;

  before(() => {
    bytes = compileFixture();
  });

  it('counts exactly the 23 forks of the process that it was configured to watch', () => {
    using object = BpfObject.open(bytes).configure({ target_pid: process.pid }).load();
    object.program('on_fork').attach();

    forkTimes(23);

    assert.equal(asU64(object.variable('forks').read()), 23);
  });

  it('counts nothing of a process that it was not configured to watch', () => {
    using object = BpfObject.open(bytes).configure({ target_pid: process.ppid }).load();
    object.program('on_fork').attach();

    forkTimes(5);

    assert.equal(asU64(object.variable('forks').read()), 0);
  });

  it('stops counting when the link is closed, and counts on when attached again', () => {
    using object = BpfObject.open(bytes).configure({ target_pid: process.pid }).load();
    const link = object.program('on_fork').attach();

    forkTimes(3);
    link.close();
    forkTimes(7);
    object.program('on_fork').attach();
    forkTimes(2);

    assert.equal(asU64(object.variable('forks').read()), 5);
  });

  it('opens from a file as from bytes, and takes its name from the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'libbpf-ts-'));
    const path = join(folder, 'probes.bpf.o');
    writeFileSync(path, bytes);

    using fromFile = BpfObject.open(path);
    using fromBytes = BpfObject.open(bytes, 'probes.bpf.o');
    rmSync(folder, { recursive: true });

    assert.equal(fromFile.name, fromBytes.name);
    assert.deepEqual(
      fromFile.programs.map(({ name, section }) => [name, section]),
      fromBytes.programs.map(({ name, section }) => [name, section]),
    );
  });

  it('gives a struct variable its bytes, and an integer any value of its width', () => {
    using object = BpfObject.open(bytes);
    object.configure({ target_pid: process.pid, wide_stride: 255, pair: new Uint8Array([7, 0, 8, 0]) }).load();
    object.program('on_fork').attach();

    forkTimes(1);

    assert.deepEqual([...object.variable('pair_sum').read()], [15, 0, 0, 0]);
  });

  it('refuses a value that the variable cannot hold, by name', () => {
    using object = BpfObject.open(bytes);

    assert.throws(() => object.configure({ wide_stride: 256 }), /variable wide_stride has 1 bytes: 256 does not fit/);
    assert.throws(() => object.configure({ pair: new Uint8Array(3) }), /variable pair has 4 bytes, not 3/);
    assert.throws(() => object.configure({ no_such: 1 }), /object has no variable no_such/);
  });

  it('refuses to be configured once it is loaded', () => {
    using object = BpfObject.open(bytes).load();

    assert.throws(() => object.configure({ target_pid: 1 }), /its object is loaded/);
    assert.throws(() => object.load(), /it is loaded already/);
    assert.throws(() => {
      object.map('table').capacity = 5;
    }, /cannot give map table room for 5 entries: EBUSY/);
  });

  it('names what it has when asked for what it has not', () => {
    using object = BpfObject.open(bytes);

    assert.throws(() => object.program('on_spoon'), /no program on_spoon; it has on_fork, dump_task/);
    assert.throws(() => object.map('atlas'), /no map atlas; it has/);
  });

  it('does nothing at the second close, and refuses every use after the first', () => {
    const object = BpfObject.open(bytes).load();
    const link = object.program('on_fork').attach();
    const { maps, programs } = object;

    object.close();
    object.close();
    link.close();

    for (const use of [
      () => programs[0]?.attach(),
      () => programs[0]?.statistics(),
      () => maps[0]?.fd,
      () => maps[0]?.get(new Uint8Array(4)),
      () => object.load(),
      () => object.variable('forks'),
      () => link.fd,
    ]) {
      assert.throws(use, /it is closed/);
    }
  });
});

describe('an object that the kernel refuses', { skip: requirement('bpf', 'clang') }, () => {
  let bytes: Uint8Array;

  before(() => {
    bytes = compileFixture();
  });

  const openWith = (program: string) => {
    const object = BpfObject.open(bytes, 'fixture');
    object.program(program).autoload = true;
    return object;
  };

  it('says which program the verifier refused, and shows the verdict', () => {
    using object = openWith('careless');

    assert.throws(
      () => object.load(),
      (error) =>
        error instanceof KernelError &&
        error.program === 'careless' &&
        error.code === 'EACCES' &&
        error.log?.includes("R0 invalid mem access 'map_value_or_null'") === true &&
        /^cannot load program careless of fixture: EACCES; .*R0 invalid mem access/s.test(error.message),
    );
    assert.equal(object.state, 'failed');
  });

  it('says which hook is missing', () => {
    using object = openWith('homeless');

    assert.throws(
      () => object.load(),
      /cannot load program homeless of fixture: ESRCH; the kernel has no such hook.*no_such_tracepoint/,
    );
  });

  it('never lets a program that is not loaded reach its hook', () => {
    using refused = openWith('careless');
    using unloaded = BpfObject.open(bytes);

    assert.throws(() => refused.load());
    assert.throws(() => refused.program('careless').attach(), /cannot attach program careless: it is not loaded/);
    assert.throws(() => refused.program('on_fork').attach(), /it is not loaded/);
    assert.throws(() => unloaded.program('on_fork').attach(), /it is not loaded/);
  });

  it('runs without the programs that were refused, when asked for what works', () => {
    const { object, refused } = loadWhatWorks(() => {
      const candidate = BpfObject.open(bytes).configure({ target_pid: process.pid });
      for (const program of candidate.programs) program.autoload = true;
      return candidate;
    });
    object.program('on_fork').attach();

    forkTimes(23);

    assert.deepEqual([...refused.keys()].sort(), ['careless', 'homeless']);
    assert.equal(asU64(object.variable('forks').read()), 23);
    object.close();
  });

  it('says that a file is missing, is no ELF, or has an unknown shape', () => {
    const elf = Uint8Array.from(bytes).fill(0xff, 64, 4096);

    assert.throws(() => BpfObject.open('/no/such.bpf.o'), /cannot open \/no\/such\.bpf\.o: ENOENT/);
    assert.throws(() => BpfObject.open(new Uint8Array(100)), /cannot open object: LIBBPF_/);
    assert.throws(() => BpfObject.open(new Uint8Array(0)), /cannot open object: /);
    assert.throws(() => BpfObject.open(elf).load(), /cannot /);
  });
});
