import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { CAUSES } from '../../src/core/model/stall.ts';
import { requirement } from '../support/require.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/blame.md'), 'utf8');
const queries = [...page.matchAll(/```promql\n([\s\S]*?)```/g)].map(([, query]) => query!.trim());
const directory = mkdtempSync(join(tmpdir(), 'culprit-promql-'));
after(() => rmSync(directory, { recursive: true }));

/** Seconds in a second, for ten minutes: b holds up a by much, c by little, and d waits for its own quota. */
const HOST = [
  ['a', 'b', 'neighbour', 0.5],
  ['a', 'c', 'neighbour', 0.04],
  ['a', '', 'unobserved', 0.06],
  ['d', 'd', 'throttle', 0.25],
  ['d', 'b', 'neighbour', 0.009],
] as const;

/** What each query of the page answers about it, in its order. */
const ANSWERS: readonly (readonly (readonly [labels: string, value: number])[])[] = [
  [
    ['{victim="a", offender="b"}', 0.5],
    ['{victim="a", offender="c"}', 0.04],
    ['{victim="d", offender="b"}', 0.009],
  ],
  [
    ['{victim="a", resource="cpu", cause="neighbour"}', 0.9],
    ['{victim="a", resource="cpu", cause="unobserved"}', 0.1],
    ['{victim="d", resource="cpu", cause="neighbour"}', 0.009 / 0.259],
    ['{victim="d", resource="cpu", cause="throttle"}', 0.25 / 0.259],
  ],
  [['{victim="a", offender="b", resource="cpu"}', 0.5]],
  [['{victim="d", offender="d"}', 0.25]],
  [['{victim="a"}', 0.1]],
];

function promtoolTest(): { status: number | null; output: string } {
  const series = HOST.map(([victim, offender, cause, rate]) => ({
    series: `culprit_blame_stall_seconds_total{victim="${victim}",${offender && `offender="${offender}",`}resource="cpu",cause="${cause}",basis="measured"}`,
    values: `0+${rate * 15}x40`,
  }));
  const tests = queries.map((expr, index) => ({
    expr: `round(${expr.replace(/^topk\(10, /, '(')}, 0.0001)`,
    eval_time: '10m',
    exp_samples: (ANSWERS[index] ?? []).map(([labels, value]) => ({ labels, value: Math.round(value * 1e4) / 1e4 })),
  }));
  const file = join(directory, 'blame.test.yaml');
  // JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      evaluation_interval: '15s',
      tests: [{ interval: '15s', input_series: series, promql_expr_test: tests }],
    }),
  );
  const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describe('docs/blame.md', () => {
  it('explains every cause', () => {
    assert.deepEqual(
      CAUSES.filter((cause) => !page.includes(`| \`${cause}\` |`)),
      [],
    );
  });

  it('has queries that answer what they say, and nothing else', { skip: requirement('promtool') }, () => {
    const { status, output } = promtoolTest();

    assert.equal(status, 0, output);
    assert.equal(queries.length, ANSWERS.length);
  });
});
