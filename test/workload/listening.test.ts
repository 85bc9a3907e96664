import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Listening } from '../../src/workload/listening.ts';
import type { Hearing, Source } from '../../src/workload/source.ts';

type Told = 'opened' | 'heard' | 'hour';
/** One stream of a source: what it tells, and how it ends. */
type Stream = { readonly tells?: readonly Told[]; readonly ends: 'well' | 'badly' | 'never had' };

const EMPTY: Stream = { tells: ['opened'], ends: 'well' };
const REFUSED: Stream = { ends: 'badly' };
const BROKEN: Stream = { tells: ['opened'], ends: 'badly' };

/** Listens to these streams, one after the other, in a time that passes only in them, then ends. */
async function listenTo(streams: readonly Stream[]) {
  const ended = new AbortController();
  const left = [...streams];
  const pauses: number[] = [];
  let now = 0;
  let [lost, returned, heard] = [0, 0, 0];

  const source: Source = {
    name: '/run/engine.sock',
    lookUp: async () => [],
    async listen(hearing: Hearing, opened) {
      const { tells = [], ends } = left.shift()!;
      for (const each of tells) {
        if (each === 'opened') opened();
        else if (each === 'heard') hearing.heard('a');
        else now += 3_600_000;
      }
      if (ends === 'badly') throw new Error('GET /events answered 403');
      return ends === 'well';
    },
    close: async () => {},
  };
  const listening = new Listening({
    source,
    hearing: { named: () => {}, heard: () => heard++ },
    now: () => now,
    onLost: () => lost++,
    onReturn: () => returned++,
    pause: async (ms) => {
      pauses.push(ms);
      if (left.length === 0) ended.abort();
    },
  });
  await listening.run(ended.signal);
  return { lost, returned, heard, pauses, unheard: left.length, listening };
}

describe('a source that is listened to', () => {
  it('is listened to anew when it is there again, and that is told', async () => {
    const { heard, lost, returned } = await listenTo([
      { tells: ['opened', 'heard', 'hour'], ends: 'badly' },
      REFUSED,
      REFUSED,
      { tells: ['opened', 'hour', 'heard'], ends: 'well' },
    ]);

    assert.deepEqual([heard, lost, returned], [2, 2, 1]);
  });

  it('that ends stream after stream without a word has no events', async () => {
    const { unheard, returned, listening } = await listenTo([EMPTY, EMPTY, EMPTY, EMPTY]);

    assert.deepEqual([unheard, returned, listening.isOpen, listening.fault], [1, 0, false, undefined]);
  });

  it('that is only quiet has events all the same', async () => {
    const quiet: Stream = { tells: ['opened', 'hour'], ends: 'well' };

    const { unheard } = await listenTo([quiet, quiet, quiet, quiet, EMPTY, EMPTY]);

    assert.equal(unheard, 0);
  });

  it('that fails is tried for ever, more and more rarely', async () => {
    const { pauses, returned, listening } = await listenTo(Array(7).fill(REFUSED));

    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    assert.deepEqual([returned, String(listening.fault)], [0, 'Error: GET /events answered 403']);
  });

  it('that opens each stream only to break it does not return each time', async () => {
    const { returned } = await listenTo([REFUSED, BROKEN, BROKEN, BROKEN]);

    assert.equal(returned, 1);
  });

  it('that never had any is not asked again', async () => {
    const { unheard, pauses } = await listenTo([{ ends: 'never had' }, EMPTY]);

    assert.deepEqual([unheard, pauses], [1, []]);
  });
});
