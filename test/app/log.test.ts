import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { httpLevel } from '../../src/app/log.ts';

describe('the log of HTTP', () => {
  it('says no more than warnings, and no more than the rest', () => {
    const levels = (['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const).map(httpLevel);

    assert.deepEqual(levels, ['warn', 'warn', 'warn', 'warn', 'error', 'fatal', 'silent']);
  });
});
