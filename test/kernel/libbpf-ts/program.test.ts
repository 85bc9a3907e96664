import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { BpfObject, IteratorReader, RunStatistics } from '../../../src/libbpf-ts/index.ts';
import { compileFixture } from '../../libbpf-ts/fixture.ts';
import { requirement } from '../../support/require.ts';

const asU32s = (bytes: Uint8Array) => [...new Uint32Array(bytes.slice().buffer)];
const openFds = () => readdirSync('/proc/self/fd').length;

describe('a loaded program', { skip: requirement('bpf', 'clang') }, () => {
  let object: BpfObject;
  let compiled: Uint8Array;

  before(() => {
    compiled = compileFixture();
    object = BpfObject.open(compiled).configure({ target_pid: process.pid }).load();
  });

  after(() => object.close());

  it('has its runs and their time counted while statistics are on', () => {
    const program = object.program('on_fork');
    using link = program.attach();
    const statistics = new RunStatistics();

    for (let time = 0; time < 23; time += 1) spawnSync('true');
    statistics.close();
    statistics.close();

    const { runs, runTimeNs, recursionMisses } = program.statistics();
    assert.equal(link.program, 'on_fork');
    assert.equal(runs >= 23, true);
    assert.equal(runTimeNs > 0, true);
    assert.equal(recursionMisses, 0);
  });

  it('has an id and a verdict', () => {
    const { id, verifiedInstructions } = object.program('on_fork').describe();

    assert.equal(id > 0, true);
    assert.equal(verifiedInstructions! > 10, true);
  });

  it('iterates over all processes: this one and its parent, but never the idle one', () => {
    using link = object.program('dump_task').attach();
    const pids = new Set(asU32s(new IteratorReader(link).run()));

    assert.equal(pids.has(process.pid), true);
    assert.equal(pids.has(process.ppid), true);
    assert.equal(pids.has(0), false);
  });

  it('iterates into a buffer that grows, as far as it may', () => {
    using link = object.program('dump_task').attach();
    const roomy = new IteratorReader(link, { initialBytes: 4 });
    const cramped = new IteratorReader(link, { initialBytes: 4, bytesMax: 8 });

    assert.equal(roomy.run().length > 8, true);
    assert.equal(asU32s(roomy.run()).includes(process.pid), true);
    assert.throws(() => cramped.run(), /the iterator dump_task wrote more than 8 bytes; raise bytesMax/);
  });

  it('leaves no descriptor behind after many runs, links and refusals', () => {
    using link = object.program('dump_task').attach();
    const reader = new IteratorReader(link);
    reader.run();
    const before = openFds();

    for (let time = 0; time < 50; time += 1) {
      reader.run();
      object.program('on_fork').attach().close();
      new RunStatistics().close();
      BpfObject.open(compiled).close();
    }

    assert.equal(openFds(), before);
  });

  it('cannot be iterated once its link is closed', () => {
    const link = object.program('dump_task').attach();
    const reader = new IteratorReader(link);

    link.close();

    assert.throws(() => reader.run(), /cannot use the link of dump_task: it is closed/);
  });
});
