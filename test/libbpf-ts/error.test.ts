import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { check, errnoName, KernelError, openLibbpf } from '../../src/libbpf-ts/index.ts';

describe('a refusal', () => {
  it('is one sentence: what failed, the errno by name, what to do', () => {
    assert.throws(() => check('attach sched_process_fork', -1, 'grant CAP_BPF and CAP_PERFMON'), {
      name: 'KernelError',
      code: 'EPERM',
      errno: 1,
      message: 'cannot attach sched_process_fork: EPERM; grant CAP_BPF and CAP_PERFMON',
    });
  });

  it('has advice of its own where its errno says enough', () => {
    assert.match(
      new KernelError('create a map', 12).message,
      /^cannot create a map: ENOMEM; there is not enough memory/,
    );
    assert.match(new KernelError('load p', 7).message, /^cannot load p: E2BIG; it is larger than the kernel allows/);
  });

  it('shows the end of a long log, and keeps it whole', () => {
    const log = Array.from({ length: 1_000 }, (_, index) => `line ${index}`).join('\n');
    const error = new KernelError('load p', 13, { log, program: 'p' });

    assert.equal(error.message.split('\n').length, 13);
    assert.equal(error.message.endsWith('line 999'), true);
    assert.equal(error.log, log);
  });

  it('knows the errors that only the kernel or only libbpf has', () => {
    assert.deepEqual([errnoName(1), errnoName(524), errnoName(4001)], ['EPERM', 'ENOTSUPP', 'LIBBPF_FORMAT']);
  });

  it('is not made of a success', () => {
    assert.deepEqual([check('count', 0), check('open', 42)], [0, 42]);
  });
});

describe('a machine without libbpf', () => {
  it('is told which package to install', () => {
    assert.throws(
      () => openLibbpf('libbpf-of-another-age.so.1'),
      /cannot load libbpf-of-another-age\.so\.1; install .*apt-get install libbpf1 .*dnf install libbpf/,
    );
  });
});
