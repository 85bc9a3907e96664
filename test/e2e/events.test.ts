import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import type { Message } from '../../src/cli/sse.ts';
import { listen } from '../http/listener.ts';
import { Cgroup } from '../support/cgroup.ts';
import { BUNDLE, Exporter } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { type Sample, sum } from '../support/samples.ts';
import { scratch } from '../support/scratch.ts';
import { shells, truthOf } from '../support/shells.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);
const SECRET = 'hunter2';

async function recording(t: TestContext, name: string): Promise<{ exporter: Exporter; file: string; cgroup: Cgroup }> {
  const file = join(scratch, `${name}.culprit`);
  const exporter = await Exporter.start(`record: ${file}`);
  t.after(() => exporter.stop('SIGKILL'));
  const cgroup = new Cgroup(`culprit-${name}-${process.pid}`);
  t.after(() => cgroup.remove());
  return { exporter, file, cgroup };
}

const counted = (page: readonly Sample[], { path: workload }: Cgroup, name: string) =>
  sum([...page], name, { workload });
const endsIn = (messages: readonly Message[]) => messages.filter(({ event }) => event === 'exit').length;

describe('a Culprit that records and is listened to', { skip: requirement('bpf') }, () => {
  it('tells each process to who listens, and to the file what its metrics say', async (t) => {
    const { exporter, file, cgroup } = await recording(t, 'events');
    const listener = await listen(`${exporter.url}/stream?workload=${encodeURIComponent(cgroup.path)}&kinds=exec,exit`);

    await cgroup.run(['sh', '-c', `${shells(1)}; : ${SECRET}`]);
    await until(() => endsIn(listener.messages) === truthOf(1).exits);
    const page = await exporter.settle(
      (samples) => counted(samples, cgroup, 'culprit_process_exits_total') === truthOf(1).exits,
    );
    assert.equal(await exporter.stop(), 0);
    const { stdout } = await run(BUNDLE, ['replay', '--json', file]);

    const { recording: about, groups } = JSON.parse(stdout);
    const replayed = groups.filter(({ workload }: { workload: string }) => workload === cgroup.path);
    const total = (name: string) => replayed.reduce((all: number, row: Record<string, number>) => all + row[name]!, 0);
    assert.deepEqual([about.ending, about.lost], ['stopped', 0]);
    assert.deepEqual(
      [total('forks'), total('execs'), total('exits_ok')],
      ['forks', 'execs', 'exits'].map((what) => counted(page, cgroup, `culprit_process_${what}_total`)),
    );
    const told = listener.messages.map(({ data }) => data).join();
    assert.deepEqual([told.includes(SECRET), gunzipSync(readFileSync(file)).includes(SECRET)], [false, false]);
  });

  it('leaves a file that can be replayed when it is killed', async (t) => {
    const { exporter, file } = await recording(t, 'events-killed');

    await exporter.settle((page) => sum(page, 'culprit_recording_events_total', { outcome: 'written' }) > 100);
    await exporter.stop('SIGKILL');
    const { stdout, stderr } = await run(BUNDLE, ['replay', '--json', file]);

    const { recording: about } = JSON.parse(stdout);
    assert.deepEqual([about.ending, about.events > 100], ['cut', true]);
    assert.match(stderr, /^culprit replay: .*; replayed up to there\n$/);
  });

  it('is left by a reader who has seen enough', async (t) => {
    const { exporter } = await recording(t, 'events-head');

    const pipe = run('bash', ['-c', `${BUNDLE} stream --url ${exporter.url} | head -n 1; echo "\${PIPESTATUS[0]}"`]);
    const forks = setInterval(() => void run('true'), 50);
    const { stdout, stderr } = await pipe;
    clearInterval(forks);

    assert.match(stdout, /^\d\d:\d\d:\d\d\.\d{3} {2}\w.*\n0\n$/);
    assert.equal(stderr, '');
  });
});
