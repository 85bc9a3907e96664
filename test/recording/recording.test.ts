import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Event } from '../../src/core/model/event.ts';
import { openRecording } from '../../src/recording/index.ts';
import { fork, hostTold } from '../core/support/events.ts';
import { bare, EVENTS } from './events.ts';
import { freshPath, HEADER, play, record, startTape } from './tape.ts';

const ALL = Object.values(EVENTS);
/** Several blocks of them. */
const MANY: readonly Event[] = Array.from({ length: 10_000 }, (_, index) => fork(index + 2, 1, { at: index }));

describe('a recording', () => {
  it('gives back every event of every kind as it was, but for argv', async () => {
    const { events, ending } = await play(await record(ALL));

    assert.deepEqual([events, ending], [ALL.map(bare), { how: 'stopped', what: '' }]);
  });

  it('gives back what the engine was made with', async () => {
    assert.deepEqual((await play(await record([]))).header, { version: 2, ...HEADER });
  });

  it('tells when the rules of groups became others', async () => {
    const rules = [{ name: 'db', exe: 'postgres', parent: 'systemd' }];
    const { path, recorder } = await startTape();
    recorder.observe(EVENTS.tick);
    recorder.changeRules(rules);
    recorder.observe(EVENTS.host);
    await recorder.close();

    const { entries } = await play(path);

    assert.deepEqual(entries, [
      { entry: 'event', event: EVENTS.tick },
      { entry: 'rules', rules },
      { entry: 'event', event: EVENTS.host },
      { entry: 'end', reason: 'stopped' },
    ]);
  });

  it('from before a figure was told is read, without the figure', async () => {
    const path = freshPath();
    const [header] = gunzipSync(readFileSync(await record([])))
      .toString()
      .split('\n');
    await writeText(path, `${header}\n{"kind":"host","at":3,"taskStarts":1234}\n{"end":"stopped"}\n`);

    const { events, ending } = await play(path);

    assert.deepEqual([events, ending.how], [[hostTold({ at: 3, taskStarts: 1234 })], 'stopped']);
  });

  it('holds nothing of any argv, and nobody else may read it', async () => {
    const path = await record(ALL);

    const text = gunzipSync(readFileSync(path)).toString();

    assert.deepEqual(
      [text.includes('hunter2'), text.includes('"argv"'), statSync(path).mode & 0o777],
      [false, true, 0o600],
    );
    assert.equal(text.split('\n')[0]!.includes('"argv":"celery worker"'), true);
  });

  it('is gzip to others, with a line for each event', async () => {
    const lines = gunzipSync(readFileSync(await record(MANY)))
      .toString()
      .trimEnd()
      .split('\n');

    assert.deepEqual([lines.length, JSON.parse(lines[1]!)], [MANY.length + 2, MANY[0]]);
  });
});

describe('a recording that was cut off', () => {
  it('gives back what was whole, wherever it was cut', async () => {
    const bytes = readFileSync(await record(MANY));
    const path = freshPath();
    const wrong: unknown[] = [];
    let fewest = MANY.length;

    for (let end = bytes.length - 29; end > 12_000; end -= 1_009) {
      writeFileSync(path, bytes.subarray(0, end));
      const { events, ending } = await play(path);
      fewest = Math.min(fewest, events.length);
      if (ending.how !== 'cut' || ending.what === '' || !isBeginning(events)) wrong.push([end, ending]);
    }

    assert.deepEqual([wrong, fewest > 0 && fewest < 5_000], [[], true]);
  });

  it('says so too when it was cut between two blocks', async () => {
    const { path, recorder } = await startTape();
    for (const event of MANY) recorder.observe(event);
    await recorder.close();
    const bytes = readFileSync(path);
    // The end is a block with one line, and the mark of the end.
    const lastBlock = bytes.lastIndexOf(Buffer.of(0x1f, 0x8b, 8, 4), bytes.length - 29);
    writeFileSync(path, bytes.subarray(0, lastBlock));

    const { events, ending } = await play(path);

    assert.deepEqual(
      [events.length, ending],
      [MANY.length, { how: 'cut', what: 'it has no end: whoever recorded it was killed' }],
    );
  });
});

describe('a recording that is damaged', () => {
  it('gives back what stands before the damage, and never anything else', async () => {
    const bytes = readFileSync(await record(MANY));
    const path = freshPath();
    const wrong: unknown[] = [];
    let damaged = 0;

    for (let at = 12_000; at < bytes.length; at += 997) {
      const copy = Buffer.from(bytes);
      copy[at]! ^= 0x10;
      writeFileSync(path, copy);
      const { events, ending } = await play(path);
      if (ending.how === 'damaged') damaged++;
      if (!isBeginning(events) || (ending.how === 'stopped' && events.length < MANY.length)) wrong.push([at, ending]);
    }

    assert.deepEqual([wrong, damaged > 10], [[], true]);
  });

  it('of before engines told what they are called is read all the same', async () => {
    const path = freshPath();
    const text = gunzipSync(readFileSync(await record([EVENTS['workload-named']]))).toString();
    await writeText(path, text.replace('"engine":"containerd",', ''));

    const { events } = await play(path);

    assert.deepEqual(events, [{ ...EVENTS['workload-named'], engine: '' }]);
  });

  it('names the line that is no event', async () => {
    const path = freshPath();
    const text = gunzipSync(readFileSync(await record([EVENTS.tick])))
      .toString()
      .replace('"at":4.25', '"at":"soon"');
    await writeText(path, text);

    const { events, ending } = await play(path);

    assert.deepEqual([events, ending.how], [[], 'damaged']);
    assert.equal(ending.what, `line 2 can't be read: at: expected a number; got "soon"`);
  });
});

describe('what is no recording is refused with its reason:', () => {
  for (const [what, write, reason] of [
    ['an empty file', '', /it is empty$/],
    ['a text', 'hello\n'.repeat(100), /no block of a recording begins at byte 0$/],
    ['a few bytes', 'hi', /it was cut off at byte 2, in the middle of a block$/],
    ['gzip of something else', gzipSync('hello\n'.repeat(100)), /no block of a recording begins at byte 0$/],
  ] as const) {
    it(what, async () => {
      const path = freshPath();
      writeFileSync(path, write);

      await assert.rejects(openRecording(path), reason);
    });
  }

  it('lines of something else', async () => {
    const path = freshPath();
    await writeText(path, '{"level":30}\n');

    await assert.rejects(openRecording(path), /expected the format culprit-recording; got nothing$/);
  });

  it('a later version of the format', async () => {
    const path = freshPath();
    await writeText(path, '{"format":"culprit-recording","version":3}\n');

    await assert.rejects(
      openRecording(path),
      /it has version 3 of the format, and this Culprit reads versions 1 to 2$/,
    );
  });

  it('a folder, and nothing at all', async () => {
    const path = freshPath();
    mkdirSync(path);

    await assert.rejects(openRecording(path), /EISDIR/);
    await assert.rejects(openRecording(`${path}/none`), /^Error: cannot read .*none: ENOENT$/);
  });
});

function isBeginning(events: readonly Event[]): boolean {
  return events.every((event, index) => event.kind === 'fork' && event.pid === index + 2 && event.at === index);
}

/** In one block, whatever it says. */
async function writeText(path: string, text: string): Promise<void> {
  const { toBlock } = await import('../../src/recording/bgzf.ts');
  writeFileSync(path, await toBlock(Buffer.from(text)));
}
