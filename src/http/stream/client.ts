import type { Writable } from 'node:stream';

import { STREAM_KINDS, type StreamKind } from '../../core/model/stream.ts';
import type { Entry, Log, Loss, Resumption } from './log.ts';

/** What a client wants to hear of. */
export interface Wanted {
  readonly kinds: ReadonlySet<StreamKind> | undefined;
  readonly workload: string | undefined;
  /** The last that it got, in its own words. */
  readonly lastEventId: string | undefined;
}

/** Events, over all clients there ever were. */
export interface Tally {
  sent: number;
  lost: number;
}

/** When a client is to come back after the connection broke. */
const RETRY_MS = 1_000;
/** In one write. With what the socket takes before it says no, it is all that a client can make us hold. */
const BATCH_CHARACTERS = 32_768;

/** One who listens: a place in the log, and a socket. What it has not taken yet stays in the log, once for all clients. */
export class Client {
  readonly #log: Log;
  readonly #wanted: Wanted;
  readonly #socket: Writable;
  readonly #tally: Tally;
  /** Number of the next event to look at. */
  #at: number;

  constructor(log: Log, socket: Writable, wanted: Wanted, tally: Tally) {
    const { lastEventId, kinds = STREAM_KINDS } = wanted;
    log.begin(kinds);
    const now = { since: log.next, from: log.next, lost: undefined };
    const start: Resumption = lastEventId === undefined ? now : log.resume(lastEventId, kinds);

    this.#log = log;
    this.#socket = socket;
    this.#wanted = wanted;
    this.#tally = tally;
    this.#at = start.from;
    socket.write(`retry: ${RETRY_MS}\n\n`);
    if (start.lost === undefined) socket.write(this.#place());
    else this.#tellLoss(start.lost, start.since);
    this.pump();
  }

  get kinds(): Iterable<StreamKind> {
    return this.#wanted.kinds ?? STREAM_KINDS;
  }

  /** Sends what the socket takes; the rest when it has been drained. */
  pump(): void {
    while (this.#at < this.#log.next && !this.#socket.writableNeedDrain && this.#socket.writable) {
      const missed = this.#log.first - this.#at;
      if (missed > 0) {
        const since = this.#at;
        this.#at = this.#log.first;
        this.#tellLoss({ reason: 'slow', events: missed }, since);
      } else this.#sendBatch();
    }
  }

  /** Shows that both ends are there, and where in the stream this is: who filters much would else lose its place. */
  beat(): void {
    if (!this.#socket.writableNeedDrain && this.#socket.writable) this.#socket.write(`: heartbeat\n${this.#place()}`);
  }

  end(): void {
    this.#socket.end();
  }

  #sendBatch(): void {
    let batch = '';
    while (this.#at < this.#log.next && batch.length < BATCH_CHARACTERS) batch += this.#take(this.#log.get(this.#at++));
    if (batch !== '') this.#socket.write(batch);
  }

  /** What to send of it: nothing, where it is not wanted. */
  #take(entry: Entry): string {
    if (!this.#wants(entry)) return '';
    this.#tally.sent++;
    return entry.frame;
  }

  #wants({ kind, workload, victim }: Entry): boolean {
    const { kinds, workload: wanted } = this.#wanted;
    const isAbout = wanted === undefined || workload === wanted || victim === wanted;
    return isAbout && kind !== 'none' && (kinds === undefined || kinds.has(kind));
  }

  /** All before `#at` is gone, but for the incidents since then. */
  #tellLoss({ reason, events }: Loss, since: number): void {
    const incidents = this.#log.incidents(since, this.#at);
    const loss = { reason, events: events === null ? null : events - incidents.length };
    this.#tally.lost += loss.events ?? 0;
    for (const entry of incidents) this.#socket.write(this.#take(entry));
    this.#socket.write(`id: ${this.#log.idBefore(this.#at)}\nevent: lost\ndata: ${JSON.stringify(loss)}\n\n`);
  }

  #place(): string {
    return `id: ${this.#log.idBefore(this.#at)}\n\n`;
  }
}
