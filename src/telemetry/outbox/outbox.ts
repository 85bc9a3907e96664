import type { SelfSample } from '../self.ts';
import { DROP_REASONS, Queue } from './queue.ts';
import type { Verdict } from './verdict.ts';

/** Each of traces and logs holds so many; a batch of the longest incidents stays far below the 4 MiB that collectors take. */
const ITEMS_MAX = 1_024;
const BATCH_MAX = 64;

/** Sends a batch, and settles in bounded time. Rejects only when nothing can be made of the batch. */
export interface Delivery<Item> {
  deliver(items: readonly Item[]): Promise<Verdict>;
  /** What is on its way settles at once. */
  close(): void;
}

export interface OutboxOptions<Item> {
  readonly signal: 'traces' | 'logs';
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly chance: () => number;
  readonly log: (message: string) => void;
  readonly itemsMax?: number;
  /** What arrived, was refused for good, or is not wanted any more. */
  readonly onSettled?: (items: readonly Item[]) => void;
}

type Trouble = Exclude<Verdict['kind'], 'arrived'> | 'rejected' | 'full';

/**
 * Sends what is put into it, however long the collector is away. While there is nothing to send it does nothing.
 *
 * It outlives the connection: what waits is sent by the next one, after a reload.
 */
export class Outbox<Item> {
  readonly #options: OutboxOptions<Item>;
  readonly #queue: Queue<Item>;
  #delivery: Delivery<Item> | undefined;
  /** Nothing is wanted any more. */
  #isOff = false;
  /** What comes now is for the next run: it is wanted as before, and not sent. */
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  /** What is wrong, as far as it was logged. */
  readonly #told = new Set<Trouble>();
  /** It was logged that this collector has more to say of what arrives; it may say it each time. */
  #isRemarked = false;
  /** Ends the waiting of `close`. */
  #onDone: (() => void) | undefined;

  constructor(options: OutboxOptions<Item>) {
    const { itemsMax = ITEMS_MAX, chance } = options;
    this.#options = options;
    this.#queue = new Queue({ itemsMax, batchMax: BATCH_MAX, chance });
  }

  /** By another connection from now on; what waits need not wait any longer. By none: what waits is given up. */
  connect(delivery: Delivery<Item> | undefined): void {
    this.#hangUp();
    if (this.#isClosed) {
      delivery?.close();
      return;
    }
    this.#delivery = delivery;
    this.#isOff = delivery === undefined;
    this.#isRemarked = false;
    if (this.#isOff) this.#options.onSettled?.(this.#queue.abandon());
    else this.#queue.hurry();
    this.#arm();
  }

  /** It waits also for the first connection, and after the end for another run. False where nothing is wanted. */
  put(item: Item): boolean {
    if (this.#isOff) return false;
    if (this.#isClosed) return true;
    if (this.#queue.put(item)) this.#arm();
    else this.#tell('full', 'what is new is dropped: the queue is full');
    return true;
  }

  /** Tries to get rid of what waits, for so long; resolves with how much was left. */
  async close(withinMs: number): Promise<number> {
    if (this.#queue.depth > 0 && this.#delivery !== undefined) {
      this.#queue.hurry();
      this.#arm();
      await this.#emptied(withinMs);
    }
    this.#isClosed = true;
    this.#hangUp();
    return this.#queue.abandon().length;
  }

  *readings(): Iterable<SelfSample> {
    const { signal } = this.#options;
    const { depth, sent, retries, dropped } = this.#queue;
    yield { family: 'culprit.outbox.depth', labels: { signal }, value: depth };
    yield { family: 'culprit.outbox.sent', labels: { signal }, value: sent };
    yield { family: 'culprit.outbox.retries', labels: { signal }, value: retries };
    for (const reason of DROP_REASONS)
      yield { family: 'culprit.outbox.dropped', labels: { signal, reason }, value: dropped[reason] };
  }

  #hangUp(): void {
    this.#delivery?.close();
    this.#delivery = undefined;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { dueAt } = this.#queue;
    if (this.#delivery === undefined || dueAt === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => void this.#send(), Math.max(0, dueAt - this.#options.now()));
  }

  async #send(): Promise<void> {
    const delivery = this.#delivery;
    if (delivery === undefined) return;
    const isLastTry = this.#onDone !== undefined;
    const items = this.#queue.take(this.#options.now());
    if (items.length === 0) return this.#arm();
    const verdict = await delivery.deliver(items).catch((error: unknown): Verdict => {
      return { kind: 'refused', message: String(error) };
    });
    this.#queue.settle(items, verdict, this.#options.now());
    if (isFinal(verdict, items.length)) this.#options.onSettled?.(items);
    // We hung up ourselves: no trouble, and no reason to wait.
    if (verdict.kind === 'later' && delivery !== this.#delivery) this.#queue.hurry();
    else if (verdict.kind !== 'arrived') this.#tell(verdict.kind, verdict.message);
    else if (verdict.rejected > 0) this.#tell('rejected', verdict.message);
    else this.#tellWell(verdict.message);
    if (this.#queue.depth === 0 || (isLastTry && verdict.kind === 'later')) this.#onDone?.();
    else if (this.#onDone !== undefined) this.#queue.hurry();
    this.#arm();
  }

  /** Or the collector is away, and there is no time to wait for it. */
  async #emptied(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onDone = resolve;
    const timer = setTimeout(resolve, withinMs);
    await promise;
    clearTimeout(timer);
  }

  /** A line for each kind of trouble, however long it lasts, and one when it is over. */
  #tell(trouble: Trouble, message: string): void {
    if (this.#told.has(trouble)) return;
    this.#told.add(trouble);
    this.#options.log(`OTLP ${this.#options.signal} fail (${trouble}): ${message}`);
  }

  #tellWell(remark: string): void {
    if (this.#told.size > 0) this.#options.log(`OTLP ${this.#options.signal} arrive again`);
    this.#told.clear();
    if (remark === '' || this.#isRemarked) return;
    this.#isRemarked = true;
    this.#options.log(`OTLP ${this.#options.signal} arrive with a remark: ${remark}`);
  }
}

/** What was refused together is tried one by one. */
function isFinal({ kind }: Verdict, count: number): boolean {
  return kind === 'arrived' || (kind === 'refused' && count === 1);
}
