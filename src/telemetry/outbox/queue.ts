import { backoffMs } from './backoff.ts';
import type { Verdict } from './verdict.ts';

export interface QueueOptions {
  readonly itemsMax: number;
  /** So many go at once. */
  readonly batchMax: number;
  /** From 0 to 1, for the jitter. */
  readonly chance: () => number;
}

/** Why something was left out: no room, refused by itself, refused beside others that were taken, or no time left. */
export const DROP_REASONS = ['full', 'refused', 'rejected', 'closed'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/**
 * What waits to be sent, oldest first, and when the next of it is due. Asks for no clock: milliseconds come as arguments.
 *
 * One batch is on its way at a time, and stays in the queue until it is known how it went. What finds no room is dropped, not what
 * is there: how a trouble began says more than its 1,025th incident.
 */
export class Queue<Item> {
  readonly dropped: Record<DropReason, number> = { full: 0, refused: 0, rejected: 0, closed: 0 };
  sent = 0;
  /** Batches that were sent again. */
  retries = 0;

  readonly #options: QueueOptions;
  readonly #items: Item[] = [];
  #onTheWay: readonly Item[] | undefined;
  #failures = 0;
  #notBefore = 0;
  /** The first so many go one by one: together they were refused. */
  #alone = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get depth(): number {
    return this.#items.length;
  }

  /** When there is something to send; never while something is on its way. */
  get dueAt(): number {
    const isIdle = this.#items.length === 0 || this.#onTheWay !== undefined;
    return isIdle ? Number.POSITIVE_INFINITY : this.#notBefore;
  }

  /** False when there was no room. */
  put(item: Item): boolean {
    if (this.#items.length >= this.#options.itemsMax) {
      this.dropped.full++;
      return false;
    }
    this.#items.push(item);
    return true;
  }

  /** What is to be sent now, if anything. */
  take(now: number): readonly Item[] {
    if (now < this.dueAt) return [];
    if (this.#failures > 0) this.retries++;
    this.#onTheWay = this.#items.slice(0, this.#alone > 0 ? 1 : this.#options.batchMax);
    return this.#onTheWay;
  }

  /** How it went with what was taken. What was given up meanwhile is no matter any more. */
  settle(batch: readonly Item[], verdict: Verdict, now: number): void {
    if (batch !== this.#onTheWay) return;
    const count = batch.length;
    this.#onTheWay = undefined;
    switch (verdict.kind) {
      case 'arrived':
        this.#arrived(count, Math.min(count, verdict.rejected));
        break;
      case 'later':
        this.#failures++;
        this.#notBefore = now + Math.max(verdict.afterMs ?? 0, backoffMs(this.#failures, this.#options.chance()));
        break;
      case 'refused':
        this.#refused(count);
        break;
      default:
        verdict satisfies never;
    }
  }

  /** No more waiting between tries. */
  hurry(): void {
    this.#failures = 0;
    this.#notBefore = 0;
  }

  /** Gives up what is left, and says what that was. */
  abandon(): readonly Item[] {
    const left = [...this.#items];
    this.dropped.closed += left.length;
    this.#remove(left.length);
    this.#onTheWay = undefined;
    return left;
  }

  #arrived(count: number, rejected: number): void {
    this.sent += count - rejected;
    this.dropped.rejected += rejected;
    this.#remove(count);
    this.hurry();
  }

  /** One bad apple must not spoil the others: what was refused together is tried one by one. */
  #refused(count: number): void {
    this.hurry();
    if (count > 1) {
      this.#alone = count;
      return;
    }
    this.dropped.refused += count;
    this.#remove(count);
  }

  #remove(count: number): void {
    this.#items.splice(0, count);
    this.#alone = Math.max(0, this.#alone - count);
  }
}
