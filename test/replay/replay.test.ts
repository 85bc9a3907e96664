import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { replay, SUMMONS } from '../../src/app/replay/replay.ts';
import type { Section } from '../../src/cli/index.ts';
import { createEngine } from '../../src/core/engine/engine.ts';
import type { Event } from '../../src/core/model/event.ts';
import { culprit } from '../cli/culprit.ts';
import { exec, fork } from '../core/support/events.ts';
import { World } from '../core/support/world.ts';
import { EVENTS } from '../recording/events.ts';
import { freshPath, HEADER, startTape } from '../recording/tape.ts';

/** An engine that is watched and recorded; what it concluded, and the file. */
async function recorded(
  live: (observe: (event: Event) => void) => void,
): Promise<{ path: string; sections: Section[] }> {
  const { path, recorder } = await startTape({ header: { ...HEADER, rules: [] } });
  const engine = createEngine({ senses: HEADER.senses });
  const witnesses = SUMMONS.map((summon) => summon(engine));
  live((event) => {
    engine.observe(event);
    recorder.observe(event);
    for (const witness of witnesses) witness.observe?.(event);
  });
  await recorder.close();
  return { path, sections: witnesses.map((witness) => witness.tell()) };
}

/** Thirty shells come, work and go, while two cgroups wait for each other. */
function busyHost(observe: (event: Event) => void): void {
  const engine = createEngine({ senses: HEADER.senses });
  const world = new World({ ...engine, observe }, () => false);
  world.cgroup(100, '/system.slice/web.service');
  world.cgroup(200, '/system.slice/batch.service');
  world.find(1, 'systemd', 100, 1);
  for (let pid = 10; pid < 40; pid++) {
    const being = world.fork(world.beings.get(1)!, pid);
    world.exec(being, `job-${'abc'[pid % 3]}`);
    world.burn(being, pid * 1e6);
    world.exit(being, pid % 4 === 0 ? 'signal' : 'ok');
    world.reap(being, false);
  }
  world.snapshot();
  for (const [at, ns] of [
    [1, 5e8],
    [2, 3e8],
  ] as const) {
    observe({ ...STALL, at: at * 1_000, ns });
    observe({ ...WAIT, at: at * 1_000, waitedNs: ns, restNs: ns - 1e7 });
  }
  observe({ kind: 'tick', at: 3_000 });
}

const STALL = {
  ...(EVENTS.stall as Extract<Event, { kind: 'stall' }>),
  resource: 'cpu',
  owner: { kind: 'cgroup', id: 200 },
} as const;
const WAIT = {
  ...(EVENTS['long-wait'] as Extract<Event, { kind: 'long-wait' }>),
  parts: [{ owner: STALL.owner, pid: 12, ns: 1e7 }],
};

describe('a replay', () => {
  it('concludes what the engine concluded that was recorded', async () => {
    const { path, sections } = await recorded(busyHost);

    const replayed = await replay(path);

    assert.deepEqual(replayed.sections, sections);
    assert.ok(sections.every(({ rows }) => rows.length > 0));
  });

  it('says the same twice, to the byte, in both tongues', async () => {
    const { path } = await recorded(busyHost);
    const say = async (line: string) => (await culprit(`replay ${path} ${line}`, { replay })).out;

    assert.equal(await say('--json'), await say('--json'));
    assert.equal(await say(''), await say(''));
  });

  it('tells whence and how long, and who stalled whom', async () => {
    const { path } = await recorded(busyHost);

    const { code, out, err } = await culprit(`replay ${path}`, { replay });

    assert.deepEqual([code, err], [0, '']);
    assert.match(
      out,
      /^alpha, Linux 6\.18\.0, from 2026-09-21T\S+Z: 2 s, \d+ events\.\n\nIncidents\nnothing\n\nWho stalled whom\nVICTIM +FOR +CAUSE +BEHIND +TIME\n/,
    );
    assert.match(out, /\nweb\.service +cpu +neighbour +batch\.service +800 ms\n/);
    assert.match(out, /\nweb\.service +7 .* 500 ms +batch\.service +12\n/);
  });

  it('counts in groups what the rules of that moment made of it', async () => {
    const { path, recorder } = await startTape({ header: { ...HEADER, rules: [{ name: 'first', exe: 'tool' }] } });
    recorder.observe(fork(10, 1));
    recorder.observe(exec(10, 'tool'));
    recorder.changeRules([{ name: 'second', exe: 'tool' }]);
    recorder.observe(fork(11, 1));
    recorder.observe(exec(11, 'tool'));
    await recorder.close();

    const { sections } = await replay(path);

    const groups = sections.find(({ name }) => name === 'groups')!.rows;
    assert.deepEqual(
      groups.filter(({ execs }) => execs === 1).map(({ group }) => group),
      ['first', 'second'],
    );
  });
});

describe('a replay of a file that is not whole', () => {
  it('goes as far as it can, and says how far', async () => {
    const { path } = await recorded((observe) => {
      for (let pid = 2; pid < 9_000; pid++) observe(fork(pid, 1));
    });
    const bytes = readFileSync(path);
    const cut = freshPath();
    writeFileSync(cut, bytes.subarray(0, bytes.length - 3_000));

    const { code, out, err } = await culprit(`replay ${cut} --json`, { replay });

    const { recording } = JSON.parse(out);
    assert.deepEqual([code, recording.ending, recording.events > 1_000 && recording.events < 8_998], [0, 'cut', true]);
    assert.match(
      err,
      /^culprit replay: .*: it was cut off at byte \d+, in the middle of a block; replayed up to there\n$/,
    );
  });

  it('fails when it is damaged, after it told what stands before', async () => {
    const { path } = await recorded((observe) => {
      for (let pid = 2; pid < 9_000; pid++) observe(fork(pid, 1));
    });
    const bytes = readFileSync(path);
    bytes[bytes.length - 3_000]! ^= 1;
    writeFileSync(path, bytes);

    const { code, out, err } = await culprit(`replay ${path} --json`, { replay });

    assert.deepEqual([code, JSON.parse(out).recording.ending], [1, 'damaged']);
    assert.match(err, /: it is damaged between bytes \d+ and \d+; replayed up to there\n$/);
  });

  it('says nothing but why when it is no recording', async () => {
    const { code, out, err } = await culprit('replay /dev/null', { replay });

    assert.deepEqual(
      [code, out, err],
      [1, '', 'culprit replay: /dev/null is no recording that can be replayed: it is empty\n'],
    );
  });

  for (const [line, problem] of [
    ['replay', 'expected a FILE; got nothing'],
    ['replay a b', 'unexpected argument "b"'],
    ['replay --jsn', 'unknown flag --jsn; did you mean --json?'],
  ] as const) {
    it(`takes one file: ${line}`, async () => {
      const { code, err } = await culprit(line, { replay });

      assert.deepEqual([code, err], [2, `culprit replay: ${problem}\nTry: culprit replay --help\n`]);
    });
  }
});
