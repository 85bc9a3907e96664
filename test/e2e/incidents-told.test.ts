import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import type { IncidentDetail } from '../../src/cli/incident-answer.ts';
import { Cgroup } from '../support/cgroup.ts';
import { BUNDLE, Exporter, neutralEnv } from '../support/exporter.ts';
import { requirement } from '../support/require.ts';
import { scratch } from '../support/scratch.ts';
import { until } from '../support/until.ts';

const RECORDING = join(scratch, 'storm.rec');
/** Whoever runs this may be a builder itself, and so would be excused what it runs. */
const CONFIG = `record: ${RECORDING}\ndetectors: { clearSeconds: 3, builders: [none] }`;
const STORM = 'for (1..3000) { my $p = fork; if (!$p) { exit } waitpid $p, 0 }';

function culprit(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(BUNDLE, args, { env: neutralEnv(), encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Lines of `culprit stream`, until the test ends. */
function follow(url: string, onEnd: (end: () => void) => void): string[] {
  const lines: string[] = [];
  const child = spawn(BUNDLE, ['stream', '--url', url, '--kinds', 'incident', '--json'], { env: neutralEnv() });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  onEnd(() => child.kill('SIGKILL'));
  return lines;
}

describe('a fork storm', { skip: requirement('bpf', 'perl') }, () => {
  it('is named by culprit incidents, told by culprit stream, and found again in its recording', async (t) => {
    const cgroup = new Cgroup(`culprit-told-${process.pid}`);
    const exporter = await Exporter.start(CONFIG);
    t.after(async () => {
      await exporter.stop();
      cgroup.remove();
    });
    const ask = (...args: string[]) => culprit('incidents', '--url', exporter.url, ...args);
    const quiet = ask('--detector', 'fork-storm', '--workload', cgroup.path, '--exit-code');
    const heard = follow(exporter.url, (end) => t.after(end));
    await until(async () => /culprit_stream_clients 1\n/.test(await exporter.page()));

    await cgroup.run(['perl', '-e', STORM]);
    const listed = await until(() => {
      const { stdout, status } = ask('--detector', 'fork-storm', '--json', '--exit-code');
      const all = JSON.parse(stdout).incidents as IncidentDetail[];
      const mine = all.find(({ culprit: of }) => of.process?.exe === 'perl');
      return mine !== undefined && { ...mine, status };
    });
    const stormOf = (incidents: readonly IncidentDetail[]) =>
      incidents.find(({ detector, culprit: of }) => {
        return detector === 'fork-storm' && of.process?.pid === listed.culprit.process?.pid;
      });
    const detail = ask(listed.id.slice(-8));
    const changes = await until(() => {
      const mine = heard.map((line) => JSON.parse(line)).filter(({ incident }) => incident.id === listed.id);
      return mine.some(({ change }) => change === 'resolved') && mine.map(({ change }) => change as string);
    });
    await exporter.stop();
    const replayed = culprit('replay', RECORDING, '--json');
    const found = stormOf(JSON.parse(replayed.stdout).incidents);

    assert.deepEqual([quiet.status, quiet.stdout, listed.status], [0, 'No incidents.\n', 3]);
    assert.match(detail.stdout, /^Fork storm, critical, /);
    assert.match(detail.stdout, /\nWhat to do +Stop the parent, /);
    assert.deepEqual([changes[0], changes.at(-1)], ['opened', 'resolved']);
    assert.deepEqual([replayed.status, replayed.stderr], [0, '']);
    const { detectedAt, onsetAt, value, threshold, culprit: who } = listed;
    assert.deepEqual(
      [found?.detectedAt, found?.onsetAt, found?.value, found?.threshold, found?.culprit, found?.state],
      [detectedAt, onsetAt, value, threshold, who, 'resolved'],
    );
  });

  it('may be looked at by who has seen enough', async (t) => {
    const exporter = await Exporter.start();
    t.after(() => exporter.stop());

    for (const line of ['incidents --json', 'workloads --json', 'workloads --watch', 'incidents --watch']) {
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['-c', `set -o pipefail; ${BUNDLE} ${line} --url ${exporter.url} | head -c 8`],
        { env: neutralEnv(), encoding: 'utf8' },
      );
      assert.deepEqual([status, stdout.length, stderr], [0, 8, ''], line);
    }
  });
});
