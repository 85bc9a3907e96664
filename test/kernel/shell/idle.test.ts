import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { requirement } from '../../support/require.ts';
import { observe } from './observed.ts';

describe('the kernel, where a process sleeps', { skip: requirement('bpf') }, () => {
  it('tells it whole at first, then only that it is there, and whole with its name when somebody is short of it', async (t) => {
    let isShort = false;
    const { kernel, of, until } = await observe(t, {
      isShort() {
        const wasShort = isShort;
        isShort = false;
        return wasShort;
      },
    });
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    t.after(() => child.kill());
    await once(child, 'spawn');
    await kernel.start();
    const whole = () => of('process-sample').filter(({ pid }) => pid === child.pid);
    const idle = () => of('idle-sample').filter(({ pid }) => pid === child.pid);

    await until(() => idle().length >= 3);
    const before = whole().length;
    isShort = true;
    await until(() => !isShort && idle().length >= 6);

    // A few passes may find it before it sleeps; from then on all but the one that was asked for are short.
    assert.equal(whole().length, before + 1);
    assert.equal(whole().at(-1)?.exe, 'sleep');
    assert.equal(kernel.unreadable(), 0);
  });
});
