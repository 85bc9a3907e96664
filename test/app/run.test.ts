import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { freePort } from '../support/port.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

describe('a log that was silenced by a reload', () => {
  it('is silent to the end', async () => {
    const port = await freePort();
    const file = join(scratch, 'silenced.yaml');
    const write = (level: string) =>
      writeFileSync(
        file,
        `{listen: "127.0.0.1:${port}", mode: procfs, store: {path: ""}, log: {level: ${level}, format: json}}`,
      );
    write('info');
    const culprit = spawn(process.execPath, [MAIN, 'run', '--config', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    const log = text(culprit.stderr);
    const answers = (path: string, init = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, init).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(() => answers('/-/ready'));

    write('silent');
    assert.equal(await answers('/-/reload', { method: 'POST' }), true);
    culprit.kill();
    await once(culprit, 'exit');

    assert.doesNotMatch(await log, /taken over|stopping/);
  });
});
