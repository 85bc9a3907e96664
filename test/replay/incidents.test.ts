import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { judgement } from '../../src/app/judgement.ts';
import { replay } from '../../src/app/replay/replay.ts';
import { tunedDetectors } from '../../src/config/index.ts';
import { createEngine, type Engine } from '../../src/core/engine/engine.ts';
import type { Event } from '../../src/core/model/event.ts';
import { incidentDetail } from '../../src/http/index.ts';
import { culprit } from '../cli/culprit.ts';
import { exec, exit, fork, reap } from '../core/support/events.ts';
import { blocksOf } from '../recording/blocks.ts';
import { freshPath, HEADER, startTape } from '../recording/tape.ts';

const SHELL = 7;
const QUIET_AFTER_MS = 3_000;
const SECONDS = 12;

/** A shell begets a child each 8 ms for three seconds; then all is quiet. */
function* storm(): Generator<Event> {
  yield { kind: 'cgroup-made', at: 0, cgroupId: 100, path: '/system.slice/web.service' };
  yield fork(SHELL, 1, { at: 0, cgroupId: 100, comm: 'bash' });
  yield exec(SHELL, 'bash', { at: 0, cgroupId: 100 });
  for (let at = 0, pid = 100; at < SECONDS * 1_000; at += 8, pid++) {
    if (at % 1_000 === 0) yield { kind: 'tick', at };
    if (at >= QUIET_AFTER_MS) continue;
    yield fork(pid, SHELL, { at, cgroupId: 100 });
    yield exit(pid, { at, cgroupId: 100 });
    yield reap(pid, { at, cgroupId: 100 });
  }
}

/** An engine that judges by these settings, and the file of all that it saw. */
async function recorded(settings: object): Promise<{ engine: Engine; path: string }> {
  const { detectors } = tunedDetectors(settings, { readFile: readFileSync });
  const header = { ...HEADER, rules: [], detection: { cpus: 2, settings: detectors } };
  const { path, recorder } = await startTape({ header });
  const engine = createEngine({ senses: HEADER.senses, detection: judgement(detectors, 2) });
  for (const event of storm()) {
    engine.observe(event);
    recorder.observe(event);
  }
  await recorder.close();
  return { engine, path };
}

const toldOf = (incidents: readonly { detector: string; state: string }[]) =>
  incidents.map(({ detector, state }) => `${detector} ${state}`);

describe('incidents in a replay', () => {
  it('are those of the engine that was recorded, to the last number', async () => {
    const { engine, path } = await recorded({ clearSeconds: 5 });

    const { incidents } = await replay(path);

    const seen = [...[...engine.ledger.open()].reverse(), ...engine.ledger.closed()];
    assert.deepEqual(
      incidents.map(({ runbook, ...incident }) => incident),
      seen.map((incident) => {
        const { runbook, traceId, ...rest } = incidentDetail(incident, undefined, HEADER.wallOffsetMs);
        return rest;
      }),
    );
    assert.deepEqual(toldOf(incidents), ['short-lived-churn open', 'fork-burst open', 'fork-storm resolved']);
  });

  it('are judged by the settings of then: what was no storm there is none here', async () => {
    const { path } = await recorded({ forkStorm: { forksPerSecond: 500, floorForksPerSecond: 500 } });

    assert.deepEqual(toldOf((await replay(path)).incidents), ['short-lived-churn open', 'fork-burst open']);
  });

  it('are judged otherwise by who asks what another threshold had said', async () => {
    const { path } = await recorded({ clearSeconds: 5 });
    const config = freshPath();
    writeFileSync(config, 'detectors: { clearSeconds: 60, forkBurst: { enabled: false } }');
    const told = async (flags: string) => {
      const { out } = await culprit(`replay ${path} --json ${flags}`, { replay });
      return toldOf(JSON.parse(out).incidents);
    };

    const others = ['short-lived-churn open', 'fork-storm resolved'];
    assert.deepEqual(await told('--detectors-fork-burst-enabled=false'), others);
    assert.deepEqual(await told('--detectors-fork-burst-forks 1000'), others);
    assert.deepEqual(await told(`--config ${config}`), ['short-lived-churn open', 'fork-storm open']);
  });

  it('come first in what a person reads, and twice the same', async () => {
    const { path } = await recorded({ clearSeconds: 5 });

    const first = await culprit(`replay ${path}`, { replay });
    const second = await culprit(`replay ${path}`, { replay });

    assert.deepEqual(first, second);
    assert.match(
      first.out,
      /\n\nIncidents\nID .*\nincident-3 .*\nincident-2 {2}14:13:21 .* open +warning +fork-burst +bash\[7\] +web\.service .*\nincident-1 .* 10 s +resolved +critical +fork-storm +bash\[7\] /,
    );
  });

  it('are judged at the defaults in a recording of before, which says so', async () => {
    const { path } = await recorded({ clearSeconds: 5 });
    const old = freshPath();
    const [header = '', ...rest] = gunzipSync(readFileSync(path)).toString().split('\n');
    const { detection, ...older } = JSON.parse(header);
    const text = Buffer.from([JSON.stringify(older), ...rest].join('\n'));
    writeFileSync(old, await blocksOf(text));

    const { incidents, recording } = await replay(old);

    assert.deepEqual(toldOf(incidents), ['short-lived-churn open', 'fork-burst open', 'fork-storm open']);
    assert.deepEqual(recording.notes, [
      'It does not tell the settings of its detectors, for it is older than that: defaults, and one CPU, it is.',
    ]);
  });

  it('are judged otherwise from where a reload changed the settings', async () => {
    const { path, recorder } = await startTape({
      header: { ...HEADER, rules: [], detection: { cpus: 2, settings: { forkBurst: { enabled: false } } } },
    });
    for (const event of storm()) {
      if (event.kind === 'tick' && event.at === 2_000) recorder.changeDetectors({ forkStorm: { enabled: false } });
      recorder.observe(event);
    }
    await recorder.close();

    const { incidents } = await replay(path);
    const found = incidents.map(({ detector, onsetAt }) => [detector, (Date.parse(onsetAt) / 1_000) % 60 > 21]);

    assert.deepEqual(found, [
      ['fork-burst', true],
      ['short-lived-churn', true],
      ['fork-storm', false],
    ]);
  });

  it('name what they do not know of the settings of another version', async () => {
    const { path, recorder } = await startTape({
      header: { ...HEADER, detection: { cpus: 2, settings: { quake: { enabled: true } } } },
    });
    await recorder.close();

    const { recording } = await replay(path);

    assert.deepEqual(recording.notes.length, 1);
    assert.match(recording.notes[0]!, /^Its settings are of another version: detectors\.quake: unknown key/);
  });

  for (const [flags, problem] of [
    ['--detectors-fork-burst-forks many', 'detectors.forkBurst.forks: expected a number'],
    ['--config /nowhere.yaml', '/nowhere.yaml: cannot read the file: ENOENT'],
  ] as const) {
    it(`refuse ${flags}`, async () => {
      const { code, out, err } = await culprit(`replay any ${flags}`, { replay });

      assert.deepEqual([code > 0, out, err.includes(problem)], [true, '', true], err);
    });
  }
});
