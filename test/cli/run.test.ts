import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import type { Loaded } from '../../src/config/index.ts';
import { culprit } from './culprit.ts';

const directory = mkdtempSync(join(tmpdir(), 'culprit-run-'));
const file = join(directory, 'culprit.yaml');
after(() => rmSync(directory, { recursive: true }));

describe('culprit run', () => {
  it('hands over the configuration and returns the exit code of the run', async () => {
    let listen = '';

    const { code } = await culprit('run --listen :1234', {
      run: async ({ config }) => {
        listen = config.listen;
        return 7;
      },
    });

    assert.deepEqual([code, listen], [7, ':1234']);
  });

  it('reads all sources again on reload, and keeps the old configuration when the new has faults', async () => {
    const modes: unknown[] = [];
    const note = (loaded: Loaded) => modes.push('config' in loaded ? loaded.config.mode : loaded.faults[0]?.problem);
    writeFileSync(file, 'mode: procfs\n');

    await culprit(['run', '--config', file, '--log-level=warn'], {
      async run(loaded, reload) {
        writeFileSync(file, 'mode: bpf\n');
        note(reload());
        writeFileSync(file, 'mode: fast\n');
        note(reload());
        note(loaded);
        return 0;
      },
    });

    assert.deepEqual(modes, ['bpf', 'expected one of auto, bpf, procfs; got "fast"', 'procfs']);
  });

  it('starts nothing when the file has faults', async () => {
    writeFileSync(file, 'mode: fast\n');

    const { code, out, err } = await culprit(['run', '--config', file], { run: () => assert.fail() });

    assert.deepEqual([code, out], [1, '']);
    assert.equal(
      err,
      `1 fault in the configuration:\n  ${file}:1:7: mode: expected one of auto, bpf, procfs; got "fast"\n`,
    );
  });

  it('calls a wrong flag a usage error, and says which was meant', async () => {
    const { code, err } = await culprit('run --lisen :1', { run: () => assert.fail() });

    assert.deepEqual(
      [code, err],
      [2, '1 fault in the configuration:\n  --lisen: unknown flag; did you mean --listen?\n'],
    );
  });

  it('tells in one sentence why a run failed, and where when it is our own mistake', async () => {
    const refused = await culprit('run', { run: () => Promise.reject(new Error('cannot listen on :1: EADDRINUSE')) });
    const broken = await culprit('run', { run: () => Promise.reject(new TypeError('x is not a function')) });

    assert.deepEqual(refused, { code: 1, out: '', err: 'culprit run: cannot listen on :1: EADDRINUSE\n' });
    assert.match(broken.err, /x is not a function\n\s+at /);
  });
});

describe('culprit check-config', () => {
  it('says that all is at its default when nothing is given', async () => {
    const { code, out } = await culprit('check-config', {
      readFile: () => {
        throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      },
    });

    assert.deepEqual([code, out], [0, 'valid; there is no /etc/culprit/culprit.yaml; everything is at its default\n']);
  });

  it('shows what is not at its default, and who said so, without secrets', async () => {
    writeFileSync(file, 'mode: procfs\notlp: {endpoint: "http://c:4317", headers: {authorization: hunter2}}\n');

    const { code, out } = await culprit(['check-config', '--config', file], { env: { CULPRIT_LISTEN: ':1' } });

    assert.equal(code, 0);
    assert.equal(
      out,
      `${file}: valid
  listen = ":1"  (CULPRIT_LISTEN)
  mode = "procfs"  (${file}:1:7)
  otlp.endpoint = "http://c:4317"  (${file}:2:18)
  otlp.headers = {"authorization":"(hidden)"}  (${file}:2:44)
`,
    );
  });

  it('answers programs in JSON, valid or not', async () => {
    writeFileSync(file, 'mode: fast\n');

    const bad = await culprit(['check-config', '--json', '--config', file]);
    const good = await culprit(['check-config', '--json', '--config', '/dev/null']);

    assert.deepEqual([bad.code, JSON.parse(bad.out).faults[0].key, JSON.parse(bad.out).faults[0].line], [1, 'mode', 1]);
    assert.deepEqual([good.code, JSON.parse(good.out).config.listen], [0, '127.0.0.1:9464']);
  });
});
