import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { answering, answerOf, PAYMENTS } from './blame-answers.ts';
import { culprit } from './culprit.ts';

/** Watches until it has shown so many pages, as a person who then interrupts. */
async function watch(url: string, pages: number, isTTY: boolean, ...flags: string[]) {
  const stop = new AbortController();
  const written: string[] = [];
  const stdout = {
    isTTY,
    columns: 80,
    rows: 4,
    write(text: string) {
      written.push(text);
      if (written.filter((each) => each.includes('payments')).length === pages) stop.abort();
    },
  };
  const line = ['blame', '--watch', '--url', url, ...flags];
  const { code, err } = await culprit(line, { stdout, stopping: () => stop.signal, env: { NO_COLOR: '1' } });
  return { code, err, written };
}

describe('culprit blame --watch', () => {
  it('prints again and again where no terminal is', async () => {
    const { url, asked } = await answering(answerOf(PAYMENTS));

    const { code, written } = await watch(url, 2, false);

    assert.deepEqual([code, asked.length, written.length, written[0] === written[1]], [0, 2, 2, true]);
    assert.ok(!written.join('').includes('\x1b'));
  });

  it('gives a program an object a line', async () => {
    const { url } = await answering(answerOf(PAYMENTS));

    const { written } = await watch(url, 2, true, '--json');

    assert.deepEqual(
      written.map((line) => JSON.parse(line)),
      [answerOf(PAYMENTS), answerOf(PAYMENTS)],
    );
  });

  it('takes another screen of a terminal, no more than fits, and gives the first one back', async () => {
    const { url } = await answering(answerOf(PAYMENTS));

    const { code, written } = await watch(url, 1, true);

    assert.deepEqual([code, written.at(0), written.at(-1)], [0, '\x1b[?1049h\x1b[?25l', '\x1b[?25h\x1b[?1049l']);
    assert.equal(written[1]!.split('\n').length - 1, 3);
  });

  it('fails at once, and takes no screen, when there is nobody to watch', async () => {
    const { url } = await answering({ error: 'no' }, 500);

    const { code, err, written } = await watch(url, 1, true);

    assert.deepEqual([code, err, written], [1, `culprit blame: ${url} answered 500: no\n`, []]);
  });
});
