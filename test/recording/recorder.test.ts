import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { fork } from '../core/support/events.ts';
import { until } from '../support/until.ts';
import { EVENTS } from './events.ts';
import { freshPath, play, startTape } from './tape.ts';

describe('the recorder', () => {
  it('never lets the file grow beyond its size, counts what came after, and says so once', async () => {
    const bytesMax = 64 << 10;
    const { path, recorder, warnings } = await startTape({ bytesMax });

    for (let pid = 2; pid < 100_000; pid++) recorder.observe(fork(pid, 1, { startedNs: pid * 7919 * 7919 }));
    await recorder.close();

    const { events, ending } = await play(path);
    const { isActive, bytes, written, dropped } = recorder.reading();
    assert.deepEqual([isActive, bytes, ending.how, written], [false, statSync(path).size, 'size', events.length]);
    assert.equal(written + dropped, 99_998);
    assert.ok(bytes <= bytesMax && bytes > bytesMax / 2 && written > 100, `${bytes} bytes, ${written} written`);
    assert.deepEqual(warnings, [`the recording ${path} has reached its size: nothing more is recorded`]);
  });

  it('ends on a full disk, says so, and goes on counting', async () => {
    const { recorder, warnings } = await startTape({ path: '/dev/full' });

    for (let pid = 2; pid < 5_000; pid++) recorder.observe(fork(pid, 1));
    await until(() => !recorder.reading().isActive);
    recorder.observe(fork(5_000, 1));
    await recorder.close();

    assert.deepEqual(recorder.reading(), { isActive: false, bytes: 0, written: 0, dropped: 4_999 });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^the recording \/dev\/full ends here: ENOSPC; /);
  });

  for (const [where, last] of [
    ['before the next event', [EVENTS.tick]],
    ['before the end', []],
  ] as const) {
    it(`drops what a disk does not take in time, and says ${where} how many`, async () => {
      const path = freshPath();
      execFileSync('mkfifo', [path]);
      // Holds the pipe open, and does not read: a disk that takes 64 KiB and then thinks.
      const reader = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
      const { recorder } = await startTape({ path });
      const before = process.memoryUsage().arrayBuffers;

      for (let pid = 2; pid < 100_000; pid++) recorder.observe(fork(pid, 1, { comm: `c${pid * 7919}` }));
      const { dropped } = recorder.reading();
      const heldBytes = process.memoryUsage().arrayBuffers - before;
      const copy = freshPath();
      let isClosed = false;
      const chunks: Buffer[] = [];
      await until(
        () =>
          drain(reader, chunks) && recorder.reading().written > 0 && recorder.reading().written + dropped === 99_998,
      );
      for (const event of last) recorder.observe(event);
      const closing = recorder.close().then(() => {
        isClosed = true;
      });
      await until(() => drain(reader, chunks) && isClosed);
      await closing;
      drain(reader, chunks);
      closeSync(reader);
      writeFileSync(copy, Buffer.concat(chunks));

      const { entries, events, ending } = await play(copy);
      assert.deepEqual([ending.how, events.length + dropped], ['stopped', 99_998 + last.length]);
      assert.deepEqual(entries.slice(-2 - last.length, -1), [
        { entry: 'lost', events: dropped },
        ...last.map((event) => ({ entry: 'event', event })),
      ]);
      assert.ok(dropped > 0 && heldBytes < 16 << 20, `${dropped} dropped, ${heldBytes} bytes held`);
    });
  }

  it('has written after a second what no kill can take back', async () => {
    const { path, recorder } = await startTape();

    recorder.observe(EVENTS.tick);
    await until(() => recorder.reading().written === 1);
    const { events, ending } = await play(path);
    await recorder.close();

    assert.deepEqual([events, ending.how], [[EVENTS.tick], 'cut']);
  });

  it('keeps the file that was there before', async () => {
    const path = freshPath();
    writeFileSync(path, 'before');

    const { recorder } = await startTape({ path });
    await recorder.close();

    assert.deepEqual([readFileSync(`${path}.1`, 'utf8'), (await play(path)).events], ['before', []]);
  });

  it('can be closed twice', async () => {
    const { path, recorder } = await startTape();

    await recorder.close();
    await recorder.close();

    assert.equal((await play(path)).ending.how, 'stopped');
  });

  it('says in one sentence why a file cannot be opened', async () => {
    await assert.rejects(
      startTape({ path: '/proc/none/x' }),
      /^Error: cannot record to \/proc\/none\/x: ENOENT; name a file in a folder that can be written$/,
    );
  });
});

/** Always true: what lies in the pipe is taken. */
function drain(pipe: number, chunks: Buffer[]): true {
  const buffer = Buffer.alloc(1 << 16);
  try {
    for (let got = readSync(pipe, buffer); got > 0; got = readSync(pipe, buffer))
      chunks.push(Buffer.from(buffer.subarray(0, got)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return true;
}
