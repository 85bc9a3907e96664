import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { describeFaults, loadConfig } from '../../src/config/index.ts';
import { ENV, FAULTS, FLAGS, YAML } from './faulty.ts';
import { faults, files, load } from './files.ts';

describe('a configuration with faults', () => {
  it('names all of them at once, from file, environment and flags, each with its place and key', () => {
    const found = faults(load(YAML, { env: ENV, flags: FLAGS }));

    assert.deepEqual(found, FAULTS);
  });

  it('reads as one line a fault, with file, line, column and key', () => {
    const loaded = load('log:\n  level: loud\n', { flags: ['--listen=x'] });

    assert.equal(
      'faults' in loaded && describeFaults(loaded.faults),
      `2 faults in the configuration:
  /c.yaml:2:10: log.level: expected one of trace, debug, info, warn, error, fatal, silent; got "loud"
  --listen: listen: expected host:port, [address]:port or :port with a port from 0 to 65535; got "x"`,
    );
  });

  it('takes a flag by two dashes and its whole name only', () => {
    const found = faults(load('', { flags: ['-xlisten=:80', '-listen', ':80'] }));

    assert.deepEqual(found, [
      '-xlisten | unknown flag; did you mean --listen?',
      '-listen | unknown flag; did you mean --listen?',
    ]);
  });

  it('never shows a secret', () => {
    const loaded = load('otlp: {endpoint: "http://c:1", headers: hunter2}', {
      env: { CULPRIT_OTLP_HEADERS: 'hunter2' },
      flags: ['--otlp-headers=hunter2'],
    });

    assert.equal(faults(loaded).length, 3);
    assert.doesNotMatch(faults(loaded).join(), /hunter2/);
  });

  it('names a header that nobody can send by its key and its place, and keeps its value secret', () => {
    const yaml = `otlp:
  endpoint: http://c:1
  headers:
    a b: hunter2
    x-bytes-bin: hunter2
    authorization: |
      Bearer
      hunter2
`;
    const loaded = load(yaml, {
      env: { OTEL_EXPORTER_OTLP_HEADERS: 'x-otel=hunter2%0A1' },
      flags: ['--otlp-traces-headers=x-flag=hunt%00er2'],
    });

    const name = 'expected a name of letters, digits, ".", "_" and "-", without "-bin" at the end';
    assert.deepEqual(faults(loaded), [
      `4:5 | otlp.headers.a b | ${name}`,
      `5:5 | otlp.headers.x-bytes-bin | ${name}`,
      '6:20 | otlp.headers.authorization | expected a text of printable ASCII in one line; got a text of 15',
      'OTEL_EXPORTER_OTLP_HEADERS | otlp.headers.x-otel | expected a text of printable ASCII in one line; got a text of 9',
      '--otlp-traces-headers | otlp.traces.headers.x-flag | expected a text of printable ASCII in one line; got a text of 8',
    ]);
  });

  it('says where YAML is broken, and still judges the other sources', () => {
    const found = faults(load('log: {level: info\nmode: [', { env: { CULPRIT_MODE: 'x' } }));

    assert.match(found[0] ?? '', /^2:\d+ \| not valid YAML: /);
    assert.equal(found.at(-1), 'CULPRIT_MODE | mode | expected one of auto, bpf, procfs; got "x"');
  });

  for (const [what, content, expected] of [
    ['is a list', '- a\n', '1:1 | expected a mapping of keys; got a list'],
    ['is not UTF-8', Uint8Array.of(0x6c, 0xff), '1:1 | expected UTF-8; got other bytes'],
    ['is larger than any configuration', ' '.repeat(2 ** 20 + 1), '1:1 | expected at most 1048576 bytes; got 1048577'],
    ['bears a prototype', '__proto__: {mode: bpf}\n', /^1:1 \| __proto__ \| unknown key/],
    ['has two documents', 'mode: bpf\n---\nmode: auto\n', /^2:1 \| not valid YAML: /],
  ] as const) {
    it(`refuses a file that ${what}`, () => {
      const found = faults(loadConfig({ flags: ['--config=/c'], readFile: files({ '/c': content }) }));

      if (typeof expected === 'string') assert.deepEqual(found, [expected]);
      else assert.match(found.join(), expected);
    });
  }

  it('refuses aliases that grow without end', () => {
    const levels = 'abcdefghij'.split('').map((name, index, all) => {
      const below = all[index - 1];
      return `${name}: &${name} [${Array(10)
        .fill(below ? `*${below}` : 'x')
        .join()}]`;
    });

    assert.match(faults(load(levels.join('\n'))).join(), /Excessive alias count/);
  });

  it('refuses a named file that is not there', () => {
    const byFlag = loadConfig({ flags: ['--config', '/gone'], readFile: files({}) });
    const byVariable = loadConfig({ env: { CULPRIT_CONFIG: '/gone' }, readFile: files({}) });

    assert.deepEqual(faults(byFlag), ['/gone | cannot read the file: ENOENT']);
    assert.deepEqual(faults(byVariable), ['/gone | cannot read the file: ENOENT']);
  });
});
