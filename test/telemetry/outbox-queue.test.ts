import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffMs } from '../../src/telemetry/outbox/backoff.ts';
import { Queue } from '../../src/telemetry/outbox/queue.ts';
import { grpcVerdict, httpVerdict, type Verdict } from '../../src/telemetry/outbox/verdict.ts';
import { random } from './accounts.ts';

const ARRIVED: Verdict = { kind: 'arrived', rejected: 0, message: '' };
const LATER: Verdict = { kind: 'later', message: 'UNAVAILABLE' };
const REFUSED: Verdict = { kind: 'refused', message: 'INVALID_ARGUMENT' };
const OUTAGE_MS = 300_000;

/** A queue, and a collector that says `verdict` of each batch after 5 ms, in virtual time. */
function post(verdict: (now: number, batch: readonly number[]) => Verdict, itemsMax = 1_024) {
  const queue = new Queue<number>({ itemsMax, batchMax: 64, chance: random(11) });
  const arrived: number[] = [];
  const triedAt: number[] = [];
  let now = 0;
  /** Puts an item each `everyMs` meanwhile, if it is told to. */
  const runTo = (end: number, everyMs?: number): void => {
    let putAt = everyMs === undefined ? Number.POSITIVE_INFINITY : now;
    for (let item = 0; Math.min(putAt, queue.dueAt) <= end; ) {
      if (putAt <= queue.dueAt) {
        now = Math.max(now, putAt);
        queue.put(item++);
        putAt += everyMs!;
        continue;
      }
      now = Math.max(now, queue.dueAt);
      const batch = queue.take(now);
      triedAt.push(now);
      now += 5;
      const said = verdict(now, batch);
      if (said.kind === 'arrived') arrived.push(...batch);
      queue.settle(batch, said, now);
    }
    now = end;
  };
  return { queue, arrived, triedAt, runTo };
}

describe('the queue of the outbox', () => {
  it('loses nothing in a collector outage of five minutes, and keeps the order', () => {
    const { queue, arrived, triedAt, runTo } = post((now) => (now < OUTAGE_MS ? LATER : ARRIVED));

    runTo(OUTAGE_MS + 30_000, 500);

    assert.deepEqual(
      arrived,
      Array.from({ length: arrived.length }, (_, index) => index),
    );
    assert.ok(arrived.length >= 600, `${arrived.length} arrived`);
    assert.deepEqual([queue.depth, queue.sent, queue.dropped.full], [0, arrived.length, 0]);
    const tries = triedAt.filter((at) => at < OUTAGE_MS).length;
    assert.ok(tries >= 12 && tries <= 25, `${tries} tries in five minutes`);
  });

  it('holds 1,024 and drops what comes after, counted, not what began the trouble', () => {
    const { queue, arrived, runTo } = post((now) => (now < OUTAGE_MS ? LATER : ARRIVED));

    runTo(OUTAGE_MS - 1, 100);
    const { depth } = queue;
    runTo(OUTAGE_MS + 30_000);

    assert.equal(depth, 1_024);
    assert.deepEqual(
      arrived.slice(0, 1_024),
      Array.from({ length: 1_024 }, (_, index) => index),
    );
    assert.equal(queue.dropped.full, 3_000 - 1_024);
  });

  it('sends what is put at once, and has nothing to do when it is empty', () => {
    const { queue, triedAt, runTo } = post(() => ARRIVED);
    const before = queue.dueAt;
    queue.put(1);

    runTo(10);

    assert.deepEqual([before, triedAt, queue.dueAt], [Number.POSITIVE_INFINITY, [0], Number.POSITIVE_INFINITY]);
  });

  it('has one batch on its way at a time, of so many at most', () => {
    const queue = new Queue<number>({ itemsMax: 1_024, batchMax: 64, chance: () => 0 });
    for (let item = 0; item < 100; item++) queue.put(item);

    const batch = queue.take(0);
    const meanwhile = [queue.take(0).length, queue.dueAt];
    queue.settle(batch, ARRIVED, 0);

    assert.deepEqual([batch.length, meanwhile, queue.take(0).length], [64, [0, Number.POSITIVE_INFINITY], 36]);
  });

  it('comes back no sooner than the collector asks for', () => {
    const { queue, triedAt, runTo } = post((now) => (now < 1_000 ? { ...LATER, afterMs: 17_000 } : ARRIVED));
    queue.put(1);

    runTo(60_000);

    assert.deepEqual(triedAt, [0, 17_005]);
  });

  it('lets one bad item spoil no other', () => {
    const { queue, arrived, runTo } = post((_, batch) => (batch.includes(7) ? REFUSED : ARRIVED));
    for (let item = 0; item < 10; item++) queue.put(item);

    runTo(1_000);

    assert.deepEqual(arrived, [0, 1, 2, 3, 4, 5, 6, 8, 9]);
    assert.deepEqual([queue.sent, queue.dropped.refused, queue.depth], [9, 1, 0]);
  });

  it('does not send again what a collector rejected of a batch that it took', () => {
    const { queue, runTo } = post(() => ({ kind: 'arrived', rejected: 3, message: 'too old' }));
    for (let item = 0; item < 10; item++) queue.put(item);

    runTo(1_000);

    assert.deepEqual([queue.sent, queue.dropped.rejected, queue.depth], [7, 3, 0]);
  });

  it('does not care what became of what was given up', () => {
    const queue = new Queue<number>({ itemsMax: 4, batchMax: 64, chance: () => 0 });
    queue.put(1);
    const batch = queue.take(0);

    const left = queue.abandon();
    queue.put(2);
    queue.settle(batch, ARRIVED, 5);

    assert.deepEqual([left, queue.dropped.closed, queue.sent, queue.depth], [[1], 1, 0, 1]);
  });
});

describe('the back-off', () => {
  it('doubles up to half a minute, half of it by chance', () => {
    const bounds = [1, 2, 3, 6, 60].map((failures) => [backoffMs(failures, 0), backoffMs(failures, 1)]);

    assert.deepEqual(bounds, [
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 4_000],
      [15_000, 30_000],
      [15_000, 30_000],
    ]);
  });
});

describe('a status', () => {
  it('is not obeyed when it asks for more than an hour, or for ever', () => {
    const [hour, month, never] = [3_600_000, 30 * 86_400_000, Number.POSITIVE_INFINITY];

    assert.deepEqual(
      [grpcVerdict(14, 'busy', hour), grpcVerdict(14, 'busy', month), httpVerdict(503, 'busy', never)],
      Array(3).fill({ kind: 'later', message: 'busy', afterMs: hour }),
    );
  });

  it('of gRPC is worth another try as OTLP says', () => {
    const retryable = Array.from({ length: 17 }, (_, code) => code).filter(
      (code) => grpcVerdict(code, '').kind === 'later',
    );

    assert.deepEqual(retryable, [1, 4, 10, 11, 14, 15]);
    assert.deepEqual(grpcVerdict(8, 'busy', 3_000), { kind: 'later', message: 'busy', afterMs: 3_000 });
  });

  it('of HTTP too', () => {
    const statuses = [400, 401, 404, 413, 429, 500, 502, 503, 504];

    assert.deepEqual(
      statuses.filter((status) => httpVerdict(status, '').kind === 'later'),
      [429, 502, 503, 504],
    );
  });
});
