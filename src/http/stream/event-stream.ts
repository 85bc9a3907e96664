import type { Writable } from 'node:stream';

import { STREAM_KINDS, type StreamKind } from '../../core/model/stream.ts';
import { Client, type Wanted } from './client.ts';
import { Log } from './log.ts';

export interface EventStreamOptions {
  /** In each id, and of no other exporter before or after: who comes back to another one must notice. */
  readonly name: string;
  readonly clientsMax: number;
  /** What is kept for those who are slow, and for those who come back. */
  readonly eventsMax: number;
  readonly heartbeatMs?: number;
  /** How long events are kept after the last client left. */
  readonly lingerMs?: number;
}

export interface EventStreamReading {
  readonly clients: number;
  readonly refused: number;
  readonly sent: number;
  readonly lost: number;
}

/** A burst fills the log before the event loop comes round, so those who can take it get it earlier. */
const BACKLOG_EVENTS = 256;

/** One stream of events to many clients. It keeps nothing of a kind that nobody listens for, and whoever publishes may spare the work. */
export class EventStream {
  readonly #options: Required<EventStreamOptions>;
  readonly #log: Log;
  readonly #clients = new Set<Client>();
  readonly #tally = { sent: 0, lost: 0 };
  #refused = 0;
  /** Number of the event behind the last that all were offered. */
  #pumpedAt = 0;
  #pumping: NodeJS.Immediate | undefined;
  #beating: NodeJS.Timeout | undefined;
  #lingering: NodeJS.Timeout | undefined;

  constructor(options: EventStreamOptions) {
    this.#options = { heartbeatMs: 15_000, lingerMs: 60_000, ...options };
    this.#log = new Log(options.name, options.eventsMax);
  }

  /** Whether somebody listens for it, or may come back soon. */
  hears(kind: string): boolean {
    return this.#log.has(kind);
  }

  /** For anything. */
  get isHeard(): boolean {
    return STREAM_KINDS.some((kind) => this.#log.has(kind));
  }

  /** `victim`: the workload that suffers, where it is another. */
  publish(kind: StreamKind, workload: string, data: object, victim?: string): void {
    if (!this.hears(kind)) return;
    this.#log.add({ kind, workload, victim }, JSON.stringify(data));
    if (this.#log.next - this.#pumpedAt >= BACKLOG_EVENTS) this.#pump();
    else this.#pumping ??= setImmediate(() => this.#pump());
  }

  /** Whether there is room for one more; if not, that is counted. */
  admits(): boolean {
    const isFull = this.#clients.size >= this.#options.clientsMax;
    if (isFull) this.#refused++;
    return !isFull;
  }

  /** From now on `socket` gets what is wanted, until it is closed. */
  join(socket: Writable, wanted: Wanted): void {
    if (socket.destroyed) return;
    this.#beating ??= setInterval(() => this.#beat(), this.#options.heartbeatMs).unref();
    const client = new Client(this.#log, socket, wanted, this.#tally);
    this.#clients.add(client);
    socket.on('drain', () => client.pump());
    socket.once('close', () => this.#leave(client));
  }

  reading(): EventStreamReading {
    return { clients: this.#clients.size, refused: this.#refused, ...this.#tally };
  }

  /** Ends what is open; who listens may come back to whoever comes next. Safe to call twice. */
  close(): void {
    for (const client of this.#clients) client.end();
    clearTimeout(this.#lingering);
    this.#log.pause();
  }

  #leave(client: Client): void {
    if (!this.#clients.delete(client)) return;
    clearTimeout(this.#lingering);
    this.#lingering = setTimeout(() => this.#forget(), this.#options.lingerMs).unref();
    if (this.#clients.size > 0) return;
    clearInterval(this.#beating);
    this.#beating = undefined;
  }

  /** Whoever left does not come back: what nobody else listens for is kept no more. */
  #forget(): void {
    if (this.#clients.size === 0) this.#log.pause();
    else this.#log.keep(new Set([...this.#clients].flatMap(({ kinds }) => [...kinds])));
  }

  #pump(): void {
    clearImmediate(this.#pumping);
    this.#pumping = undefined;
    this.#pumpedAt = this.#log.next;
    for (const client of this.#clients) client.pump();
  }

  #beat(): void {
    for (const client of this.#clients) client.beat();
  }
}
