import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Reloader } from '../../src/app/reload.ts';
import type { Config } from '../../src/config/index.ts';
import { load, valid } from '../config/files.ts';

async function reload(yaml: string) {
  const applied: Config['log'][] = [];
  const reloader = new Reloader({
    config: valid(load('log: {level: info, format: json}')).config,
    load: () => load(yaml),
    apply: async ({ log }) => void applied.push(log),
    wallNow: () => 7_000,
    log: { info: () => {}, error: () => {} },
  });
  return { outcome: await reloader.reload(), applied, succeeded: reloader.reloads().lastSucceeded };
}

describe('a reload', () => {
  it('takes another level of the log over', async () => {
    assert.deepEqual(await reload('log: {level: error, format: json}'), {
      outcome: { ok: true },
      applied: [{ level: 'error', format: 'json' }],
      succeeded: true,
    });
  });

  it('refuses another format of the log, which is chosen at the start, and the level with it', async () => {
    assert.deepEqual(await reload('log: {level: error, format: pretty}'), {
      outcome: { ok: false, faults: 'log.format: changes only at a restart' },
      applied: [],
      succeeded: false,
    });
  });
});
