import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it } from 'node:test';
import { listenToSignals } from '../../src/app/signals.ts';

describe('a reload that is asked for by signal', () => {
  it('is done as often as it is asked for', () => {
    const process = new EventEmitter();
    let reloads = 0;

    listenToSignals(process).onReload(() => reloads++);
    process.emit('SIGHUP');
    process.emit('SIGHUP');

    assert.equal(reloads, 2);
  });

  it('while we start is heard, and done once when we have', () => {
    const process = new EventEmitter();
    const signals = listenToSignals(process);
    let reloads = 0;

    const heard = [process.emit('SIGHUP'), process.emit('SIGHUP')];
    signals.onReload(() => reloads++);

    assert.deepEqual([heard, reloads], [[true, true], 1]);
  });

  it('is not done where nobody asks for it', () => {
    let reloads = 0;

    listenToSignals(new EventEmitter()).onReload(() => reloads++);

    assert.equal(reloads, 0);
  });
});
