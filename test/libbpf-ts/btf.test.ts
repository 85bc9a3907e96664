import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Btf, btfOfObject, hasKernelBtf, kernelBtf, layoutOf, tracepointArguments } from '../../src/libbpf-ts/index.ts';
import { requirement } from '../support/require.ts';
import { compileBpf, compileFixture } from './fixture.ts';

describe('the types of an object', { skip: requirement('clang') }, () => {
  it('tell where each member of a record lies', () => {
    assert.deepEqual(layoutOf(btfOfObject(compileFixture()), 'record'), {
      name: 'record',
      sizeBytes: 256,
      members: [
        { name: 'sequence', offsetBytes: 0, sizeBytes: 4 },
        { name: 'size', offsetBytes: 4, sizeBytes: 4 },
        { name: 'value', offsetBytes: 8, sizeBytes: 8 },
        { name: 'filler', offsetBytes: 16, sizeBytes: 240 },
      ],
    });
  });

  it('look through typedefs, qualifiers, arrays of arrays, enums, pointers and anonymous members', () => {
    const object = compileBpf(`
      typedef const volatile unsigned short half;
      enum kind { A, B };
      struct inner { half a; char b; };
      struct outer {
        half first;
        union { int i; struct { char x, y; }; };
        struct inner grid[2][3];
        enum kind kind;
        void *pointer;
        double real;
      };
      struct outer instance;`);

    assert.deepEqual(
      layoutOf(btfOfObject(object), 'outer').members.map(({ name, offsetBytes, sizeBytes }) => [
        name,
        offsetBytes,
        sizeBytes,
      ]),
      [
        ['first', 0, 2],
        ['i', 4, 4],
        ['x', 4, 1],
        ['y', 5, 1],
        ['grid', 8, 24],
        ['kind', 32, 4],
        ['pointer', 40, 8],
        ['real', 48, 8],
      ],
    );
  });

  it('have no layout for a struct that is not there', () => {
    assert.throws(() => layoutOf(btfOfObject(compileFixture()), 'recor'), /BTF has no struct recor$/);
  });
});

describe('bytes that are no types', () => {
  it('are refused as what they are', () => {
    assert.throws(() => btfOfObject(new Uint8Array(200)), /this is no 64-bit little-endian ELF file/);
    assert.throws(() => Btf.parse(new Uint8Array(200)), /this is no little-endian BTF/);
    assert.throws(() => Btf.parse(new Uint8Array()), /this is no little-endian BTF/);
  });
});

describe('the types of the running kernel', { skip: !hasKernelBtf() && 'the kernel has no BTF' }, () => {
  it('tell how many arguments a tracepoint gives', () => {
    const btf = kernelBtf();

    assert.equal(tracepointArguments(btf, 'sched_process_fork'), 2);
    assert.equal(tracepointArguments(btf, 'sched_process_exec'), 3);
  });

  it('have no tracepoint that nobody ever made', () => {
    assert.equal(tracepointArguments(kernelBtf(), 'sched_process_regret'), undefined);
  });

  it('find a struct by its whole name and its kind only', () => {
    const btf = kernelBtf();

    assert.equal(btf.find('struct', 'task_struct')?.name, 'task_struct');
    assert.equal(btf.find('union', 'task_struct'), undefined);
    assert.equal(btf.find('struct', 'task_struc'), undefined);
    assert.equal(
      layoutOf(btf, 'task_struct').members.some(({ name }) => name === 'start_boottime'),
      true,
    );
  });
});
