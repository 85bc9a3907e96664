import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Link } from '../../src/workload/link.ts';
import type { Hearing, Source } from '../../src/workload/source.ts';

const IDS = ['4f0c3a1b2d5e'.padEnd(64, '0')];

/** Answers or not, and has a stream that opens and breaks when we say so. */
class Engine implements Source {
  readonly name = '/run/engine.sock';
  isAway = false;
  open = () => {};
  break = (_: Error) => {};
  tell = () => {};

  async lookUp() {
    if (this.isAway) throw new Error('connect ECONNREFUSED');
    return [];
  }

  listen(hearing: Hearing, opened: () => void): Promise<boolean> {
    const { promise, reject } = Promise.withResolvers<boolean>();
    this.open = opened;
    this.break = reject;
    this.tell = () => hearing.heard(IDS[0]!);
    return promise;
  }

  async close(): Promise<void> {}
}

function linking() {
  const engine = new Engine();
  const clock = { now: 0, returns: 0 };
  const hearing = { named: () => {}, heard: () => {} };
  const link = new Link(
    engine,
    hearing,
    () => clock.now,
    () => clock.returns++,
  );
  void link.listen();
  return { engine, link, clock };
}

describe('a source that does not answer', () => {
  it('is left alone for a while, and then returns', async () => {
    const { engine, link, clock } = linking();
    engine.isAway = true;

    const answers = [await link.lookUp(IDS), await link.lookUp(IDS)];
    engine.isAway = false;
    clock.now = link.restUntil;
    answers.push(await link.lookUp(IDS));
    await link.close();

    assert.deepEqual([answers, clock.returns], [['failed', 'resting', []], 1]);
  });
});

describe('a source that answers', () => {
  it('is none that fails because its events do', async () => {
    const { engine, link } = linking();
    await link.lookUp(IDS);

    engine.break(new Error('GET /events answered 403'));
    await link.lookUp(IDS);
    await link.close();

    const { success, reason, listens } = link.reading();
    assert.deepEqual([success, reason, listens], [true, 'GET /events answered 403', false]);
  });

  it('is away when a stream breaks that told of events, until it answers', async () => {
    const { engine, link } = linking();
    await link.lookUp(IDS);
    engine.open();
    engine.tell();

    engine.break(new Error('other side closed'));
    await new Promise(setImmediate);
    const broken = link.reading().success;
    await link.lookUp(IDS);
    await link.close();

    assert.deepEqual([broken, link.reading().success], [false, true]);
  });
});
