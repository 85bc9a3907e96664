import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { type Message, SseParser } from '../../src/cli/sse.ts';
import { EventStream } from '../../src/http/index.ts';
import { until } from '../support/until.ts';
import { listening } from './culprit.ts';
import { listen } from './listener.ts';

const CLIENTS = 64;
const EVENTS = 48_000;
/** As the probes would: some hundred at a time. */
const AT_ONCE = 400;
const TEXT = 'x'.repeat(150);
/** Nothing is collected behind our back meanwhile. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe(`${CLIENTS} clients, of whom half never read`, () => {
  it('cost bounded memory, and those who read miss nothing', async () => {
    const stream = new EventStream({ name: 'life', clientsMax: CLIENTS, eventsMax: 8_192 });
    const { url } = await listening({ stream });
    const deaf = await Promise.all(
      Array.from({ length: CLIENTS / 2 }, () => listen(`${url}/stream`, { reads: false })),
    );
    const readers = await Promise.all(Array.from({ length: CLIENTS / 2 }, () => count(`${url}/stream`)));
    const before = heldBytes();

    for (let pid = 1; pid <= EVENTS; pid++) {
      stream.publish('fork', 'web.service', { pid, text: TEXT });
      if (pid % AT_ONCE === 0)
        await until(() => readers.every(({ seen }) => seen() > pid - 4_096) || turn().then(() => undefined));
    }
    await until(() => readers.every(({ seen }) => seen() === EVENTS));

    const held = heldBytes() - before;
    assert.deepEqual(
      readers.map(({ wrong }) => wrong()),
      readers.map(() => 0),
    );
    // The log, and what each socket holds: 13 to 20 MB, 29 seen on a busy machine; unbounded it would be 300.
    assert.ok(held < 48 << 20, `${held} bytes held`);

    // Whoever reads again learns how much was lost, and goes on.
    const [late] = deaf;
    const messages = await readAll(late!.response);
    const lost = messages
      .filter(({ event }) => event === 'lost')
      .reduce((sum, { data }) => sum + JSON.parse(data).events, 0);
    const told = messages.filter(({ event }) => event === 'fork').length;
    assert.deepEqual([lost > 0, lost + told, stream.reading().lost], [true, EVENTS, lost]);
  });
});

it('a client that takes nothing for long is cut off; one that reads hears the heart and stays', async () => {
  const stream = new EventStream({ name: 'life', clientsMax: CLIENTS, eventsMax: 8_192, heartbeatMs: 50 });
  const { url } = await listening({ stream }, { limits: { stalledMs: 500 } });
  const reader = await count(`${url}/stream`);
  await listen(`${url}/stream`, { reads: false });

  const fill = setInterval(() => {
    if (stream.reading().clients < 2) clearInterval(fill);
    else for (let pid = 1; pid <= AT_ONCE; pid++) stream.publish('fork', 'web.service', { text: TEXT });
  });
  await until(() => stream.reading().clients === 1);
  const seen = reader.seen();
  stream.publish('fork', 'web.service', {});

  await until(() => reader.seen() > seen);
  assert.equal(stream.reading().clients, 1);
});

/** Reads all and keeps nothing: how many in order, and how many were not what was due. */
async function count(url: string): Promise<{ seen: () => number; wrong: () => number }> {
  const listener = await listen(url);
  let seen = 0;
  let wrong = 0;
  listener.response.on('data', () => {
    for (const { event, id } of listener.messages.splice(0)) {
      seen++;
      if (event !== 'fork' || id !== `life-${seen}`) wrong++;
    }
  });
  return { seen: () => seen, wrong: () => wrong };
}

async function readAll(response: IncomingMessage): Promise<Message[]> {
  const parser = new SseParser();
  const messages: Message[] = [];
  response.setEncoding('utf8').on('data', (piece: string) => messages.push(...parser.take(piece)));
  await until(() => messages.at(-1)?.id === `life-${EVENTS}`);
  return messages;
}

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
