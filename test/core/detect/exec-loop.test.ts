import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import execLoop from '../../../src/core/detect/exec-loop.ts';
import { host, type TestHost } from './host.ts';

const FAILED = { reason: 'error', status: 256 } as const;
const OK = { reason: 'ok', status: 0 } as const;

/** Runs it once after each pause. */
function tries(
  linux: TestHost,
  parent: number,
  pausesMs: readonly number[],
  how: typeof FAILED | typeof OK = FAILED,
): void {
  for (const pauseMs of pausesMs) {
    linux.pass(pauseMs);
    linux.end(linux.spawn('curl', { parent }), how);
  }
  linux.pass(1_000);
}

const EVEN = [5_000, 5_000, 5_000, 5_000, 5_000];

describe('exec-loop, at 5 failures in a minute', () => {
  it('names the program and who retries it, with the same pause each time', () => {
    const linux = host(execLoop);
    const shell = linux.spawn('bash');

    tries(linux, shell, EVEN);

    assert.deepEqual(linux.open, [`exec-loop: curl under bash (pid ${shell})`]);
  });

  it('knows a pause that doubles', () => {
    const linux = host(execLoop);
    const shell = linux.spawn('bash');

    tries(linux, shell, [1_000, 2_000, 4_000, 8_000, 16_000]);

    assert.deepEqual(linux.open, [`exec-loop: curl under bash (pid ${shell})`]);
  });

  it('is silent about failures without a rhythm: a script that asks this and that', () => {
    const linux = host(execLoop);

    tries(linux, linux.spawn('bash'), [100, 9_000, 50, 20_000, 10]);

    assert.deepEqual(linux.told, []);
  });

  it('is silent when it succeeds now and then', () => {
    const linux = host(execLoop);
    const shell = linux.spawn('bash');

    for (let round = 0; round < 10; round++) {
      tries(linux, shell, [5_000, 5_000, 5_000]);
      tries(linux, shell, [5_000], OK);
    }

    assert.deepEqual(linux.told, []);
  });

  it('is silent about one failure each of five parents', () => {
    const linux = host(execLoop);

    for (const pauseMs of EVEN) tries(linux, linux.spawn('bash'), [pauseMs]);

    assert.deepEqual(linux.told, []);
  });

  it('ends when it is given up', () => {
    const linux = host(execLoop);
    tries(linux, linux.spawn('bash'), EVEN);

    linux.pass(120_000);

    assert.deepEqual(linux.told, ['opened', 'resolved']);
  });

  it('needs so many: at twice the threshold, the same is nothing', () => {
    const linux = host(execLoop, { options: { execs: 10 } });

    tries(linux, linux.spawn('bash'), EVEN);

    assert.deepEqual(linux.told, []);
  });
});
