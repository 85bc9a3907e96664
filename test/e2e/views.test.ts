import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';

import type { GraphAnswer, ProcessesAnswer } from '../../src/cli/process-answer.ts';
import { Child } from '../support/child.ts';
import { BUNDLE, Exporter, neutralEnv } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { until } from '../support/until.ts';

/** It forks as fast as it can, has a child that sleeps, and a password. */
const LOOP = [
  '-c',
  'sleep 20 & while :; do /bin/true; done',
  'loop',
  '--password=hunter2',
  'https://bot:hunter2@git.example',
];

function culprit(line: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `set -o pipefail; ${BUNDLE} ${line}`], {
    env: neutralEnv(),
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('a shell that forks in a loop', { skip: requirement('bpf') }, () => {
  it('is found by culprit top, drawn by culprit tree, and keeps its password', async (t) => {
    const exporter = await Exporter.start();
    t.after(() => exporter.stop());
    const loop = new Child('sh', LOOP);
    t.after(() => loop.stop('SIGKILL'));
    const url = `--url ${exporter.url}`;

    await until(async () => {
      const { processes } = (await exporter.json('/processes?sort=forks&limit=1')) as unknown as ProcessesAnswer;
      return processes[0]?.pid === loop.pid && (processes[0].cpuRatio ?? 0) > 0 ? true : undefined;
    });
    const top = culprit(`top --sort forks --limit 3 ${url}`);
    const tree = culprit(`tree ${loop.pid} ${url}`);
    const everybody = culprit(`tree ${url}`);
    const graph = JSON.parse(culprit(`tree ${loop.pid} --json ${url}`).stdout) as GraphAnswer;

    const [, , , first = ''] = top.stdout.split('\n');
    assert.match(
      first,
      new RegExp(`^ *${loop.pid} .* sh -c <redacted:38> <redacted:4> --password=<redacted:7> <redacted:31>$`),
    );
    assert.deepEqual([top.status, top.stderr, tree.status, tree.stderr], [0, '', 0, '']);
    assert.match(tree.stdout, new RegExp(`─ \\S+ +${loop.pid} [^]*─ sleep `));
    assert.deepEqual([everybody.status, everybody.stderr, / sleep |─ sleep/.test(everybody.stdout)], [0, '', true]);
    assert.equal(graph.ancestors[0]?.pid, process.pid);
    for (const path of [
      '/processes?limit=500',
      `/processes/${loop.pid}`,
      `/graph/${process.pid}`,
      '/status',
      '/metrics',
    ])
      assert.ok(!(await (await fetch(exporter.url + path)).text()).includes('hunter2'), path);
  });

  it('may be looked for by who has seen enough of the answer', async (t) => {
    const exporter = await Exporter.start();
    t.after(() => exporter.stop());

    for (const line of ['top --json --limit 500', `tree ${exporter.pid} --json`, 'top --watch']) {
      const { status, stdout, stderr } = culprit(`${line} --url ${exporter.url} | head -c 8`);
      assert.deepEqual([status, stdout.length, stderr], [0, 8, ''], line);
    }
  });
});

describe('without probes', () => {
  it('processes are listed all the same, and what is not known is no zero', async (t) => {
    const exporter = await Exporter.start('mode: procfs');
    t.after(() => exporter.stop());
    const own = new Child('sleep', ['20']);
    t.after(() => own.stop('SIGKILL'));

    const found = await until(async () => {
      const graph = (await exporter.json(`/graph/${own.pid}`)) as unknown as GraphAnswer;
      return graph.root;
    });

    assert.deepEqual([found.exe, found.argv, found.forksPerSecond, found.stallRatio], ['sleep', [], null, null]);
  });
});
