import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { sensesOf } from '../../../src/app/options.ts';
import { replay, SUMMONS } from '../../../src/app/replay/replay.ts';
import { createEngine } from '../../../src/core/engine/engine.ts';
import { openKernel } from '../../../src/kernel/index.ts';
import { Recorder } from '../../../src/recording/index.ts';
import { HEADER } from '../../recording/tape.ts';
import { requirement } from '../../support/require.ts';
import { until } from '../../support/until.ts';
import { ownCgroup } from './observed.ts';

const path = join(tmpdir(), `culprit-recording-${process.pid}`);
const now = () => Number(process.hrtime.bigint()) / 1e6;

describe('a recording of this host', { skip: requirement('bpf') }, () => {
  it('replays to what the engine concluded that saw it, and twice to the same', async (t) => {
    const cgroup = ownCgroup(t, `culprit-recording-${process.pid}`);
    let observe: Parameters<typeof openKernel>[0]['emit'] = () => {};
    const kernel = await openKernel({
      mode: 'bpf',
      roots: { proc: '/proc', cgroup: '' },
      objectPath: '',
      ringBytes: 4 << 20,
      drainHz: 20,
      snapshotSeconds: 0.5,
      cgroupSeconds: 0.5,
      pressureSeconds: 0.5,
      stepDownPercent: 100,
      stopPercent: 100,
      blameIo: 'on',
      emit: (event) => observe(event),
      now,
      warn: () => {},
    });
    t.after(() => kernel.stop());
    t.after(() => rmSync(path, { force: true }));
    const senses = sensesOf(kernel.probes());
    const engine = createEngine({ senses });
    const witnesses = SUMMONS.map((summon) => summon(engine));
    const header = { ...HEADER, senses, rules: [] };
    const warnings: string[] = [];
    const recorder = await Recorder.open({
      path,
      header,
      bytesMax: 1 << 26,
      warn: (message) => warnings.push(message),
    });
    const rowsOf = (section: string) =>
      witnesses.map((witness) => witness.tell()).find(({ name }) => name === section)?.rows ?? [];
    const endedWell = () =>
      rowsOf('groups').find(({ group, workload }) => group === 'true' && workload === cgroup.path)?.exits_ok;
    observe = (event) => {
      engine.observe(event);
      recorder.observe(event);
      for (const witness of witnesses) witness.observe?.(event);
    };
    await kernel.start();

    cgroup.run('i=0; while [ $i -lt 230 ]; do /bin/true; i=$((i+1)); done');
    await until(() => endedWell() === 230, { what: 'the end of 230 processes' });
    await until(() => rowsOf('blame').length > 0, { what: 'a wait for a CPU' });
    await kernel.stop();
    const sections = witnesses.map((witness) => witness.tell());
    await recorder.close();
    const [once, again] = [await replay(path), await replay(path)];

    assert.deepEqual([once.recording.ending, recorder.reading().dropped, warnings], ['stopped', 0, []]);
    assert.deepEqual(once.sections, sections);
    assert.equal(JSON.stringify(once), JSON.stringify(again));
    assert.ok(once.recording.events > 920, `${once.recording.events} events`);
  });
});
