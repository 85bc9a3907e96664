import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ENV, FAULTS, FLAGS, YAML } from '../config/faulty.ts';
import { BUNDLE, neutralEnv } from '../support/exporter.ts';
import { scratch } from '../support/scratch.ts';

function culprit(args: readonly string[], env = {}) {
  const { status, stdout, stderr } = spawnSync(BUNDLE, args, { env: { ...neutralEnv(), ...env }, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function file(name: string, content: string): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

const faulty = file('faulty.yaml', YAML.replace('/tls.pem', file('tls.pem', 'x')));

/** As the command prints a fault: `file:line:column: key: problem`. */
function told(fault: string): string {
  const line = fault.replaceAll(' | ', ': ');
  return `  ${/^\d/.test(line) ? `${faulty}:` : ''}${line}`;
}

describe('a configuration with forty faults', () => {
  for (const command of ['check-config', 'run']) {
    it(`is refused by ${command}, which names each at once: file, line, column and key`, () => {
      const { status, stdout, stderr } = culprit([command, '--config', faulty, ...FLAGS], ENV);

      assert.deepEqual(stderr.trimEnd().split('\n'), [
        `${FAULTS.length} faults in the configuration:`,
        ...FAULTS.map(told),
      ]);
      assert.deepEqual([status, stdout], [2, '']);
    });
  }

  it('ends with 1 where the command line is not to blame', () => {
    const { status, stderr } = culprit(['check-config', '--config', faulty], ENV);

    assert.equal(status, 1);
    assert.equal(
      stderr.trimEnd().split('\n').length,
      1 + FAULTS.filter((fault) => !/^(?:--|extra)/.test(fault)).length,
    );
  });

  it('is told to programs in JSON', () => {
    const { status, stdout, stderr } = culprit(['check-config', '--json', '--config', faulty], ENV);
    const { valid, faults } = JSON.parse(stdout);

    assert.deepEqual([status, stderr, valid], [1, '', false]);
    assert.deepEqual(faults[1], {
      source: 'file',
      name: faulty,
      line: 2,
      column: 7,
      key: 'mode',
      problem: 'expected one of auto, bpf, procfs; got "kernel"',
    });
  });
});

describe('a configuration without fault', () => {
  it('is said to be valid, with where each value comes from, and nothing is started', () => {
    const path = file('valid.yaml', 'log: {level: warn}\n');

    const { status, stdout, stderr } = culprit(['check-config', '--config', path, '--mode=procfs'], {
      CULPRIT_LIMITS_GROUPS: '23',
      // What the launcher reads is no fault.
      CULPRIT_HEAP_MB: '64',
    });

    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      `${path}: valid`,
      '  mode = "procfs"  (--mode)',
      `  log.level = "warn"  (${path}:1:14)`,
      '  limits.groups = 23  (CULPRIT_LIMITS_GROUPS)',
    ]);
  });

  it('may be no file at all', () => {
    const { status, stderr } = culprit(['check-config']);

    assert.deepEqual([status, stderr], [0, '']);
  });
});
