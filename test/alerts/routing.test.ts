import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { requirement } from '../support/require.ts';
import { ALERTS } from './files.ts';

const skip = requirement('amtool');
const CONFIG = join(ALERTS, 'alertmanager.yaml');

describe('the routing of alerts', { skip }, () => {
  it('is what amtool takes for a configuration', () => {
    const { status, stderr } = amtool('check-config', CONFIG);

    assert.deepEqual([status, stderr], [0, '']);
  });

  for (const [severity, receivers] of [
    ['critical', 'pagerduty,slack'],
    ['warning', 'slack'],
    ['info', 'slack'],
  ] as const) {
    it(`tells ${receivers} of what is ${severity}`, () => {
      const { stdout } = amtool('config', 'routes', 'test', `--config.file=${CONFIG}`, `severity=${severity}`);

      assert.deepEqual(stdout.trim(), receivers);
    });
  }

  it('pages nobody of an alert that is not ours and has no severity', () => {
    const { stdout } = amtool('config', 'routes', 'test', `--config.file=${CONFIG}`, 'alertname=Other');

    assert.deepEqual(stdout.trim(), 'slack');
  });
});

function amtool(...words: readonly string[]) {
  return spawnSync('amtool', words, { encoding: 'utf8' });
}
