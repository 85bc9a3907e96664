import type { DatabaseSync } from 'node:sqlite';
import type { Incident } from '../core/model/incident.ts';
import { Book, type Clock, type Entry, type StoredQuery } from './book.ts';
import { isCorruption, moveAside, openDatabase } from './database.ts';

export type { StoredQuery } from './book.ts';

export interface StoreOptions extends Clock {
  readonly path: string;
  /** More than so many are forgotten, the oldest first; none that is open. */
  readonly incidentsMax: number;
  readonly ageMsMax: number;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** After a failure it is tried again so much later. Default 5 s. */
  readonly retryMs?: number;
}

export interface StoreReading {
  readonly isUp: boolean;
  readonly incidents: number;
  readonly written: number;
  readonly failures: number;
  /** Told, and never written, for want of room while the store failed. */
  readonly dropped: number;
  readonly pruned: number;
  readonly damaged: number;
  /** All that it held up the event loop. */
  readonly seconds: number;
}

/** One transaction writes so many at most, that nobody waits long. */
const BATCH = 64;
/** Twice what can be open at once. */
const PENDING_MAX = 2_048;

/** Incidents in a file. Nothing that befalls the file is thrown at anyone: it is told, counted, and tried again. */
export class Store {
  readonly #options: Required<StoreOptions>;
  #book: Book;
  readonly #pending = new Map<string, { -readonly [Key in keyof Entry]: Entry[Key] }>();
  #isDue = false;
  #soon: NodeJS.Immediate | undefined;
  #keeping: NodeJS.Immediate | undefined;
  #later: NodeJS.Timeout | undefined;
  #fault: string | undefined;
  #isDamaged = false;
  #incidents = 0;
  #written = 0;
  #failures = 0;
  #dropped = 0;
  #pruned = 0;
  #damaged = 0;
  #seconds = 0;

  private constructor(options: Required<StoreOptions>, database: DatabaseSync) {
    this.#options = options;
    this.#book = new Book(database, options);
  }

  /** Rejects with a `StoreError` when there can be none. A damaged file is moved aside, and a new one begun. */
  static async open(options: StoreOptions): Promise<Store> {
    const all = { retryMs: 5_000, ...options };
    try {
      return new Store(all, await openDatabase(all.path));
    } catch (error) {
      if (!isCorruption(error)) throw error;
      all.log.warn(`${all.path} is damaged (${sayOf(error)}); it is ${moveAside(all.path)} now, and a new one begins`);
      const store = new Store(all, await openDatabase(all.path));
      store.#damaged++;
      return store;
    }
  }

  /** What an earlier run left open. */
  left(): ReturnType<Book['left']> {
    return this.#try(() => this.#book.left()) ?? [];
  }

  /**
   * Writes it as it is when the caller is through, with what changed meanwhile; and before the event loop goes on: nobody reads of an
   * incident on a page that a kill can make unheard of.
   */
  put(incident: Incident, owed = 0): void {
    const entry = this.#entryOf(incident.id);
    entry.incident = incident;
    entry.owed |= owed;
    this.#writeSoon();
  }

  /** These bits are owed no more. */
  settle(id: string, owed: number): void {
    this.#entryOf(id).settled |= owed;
    this.#writeSoon();
  }

  /** Of which earlier runs left something owed, with the bits. */
  owed(limit: number): ReturnType<Book['owed']> {
    return this.#try(() => this.#book.owed(limit)) ?? [];
  }

  #entryOf(id: string) {
    const known = this.#pending.get(id);
    if (known !== undefined) return known;
    // What waits longest is dropped first.
    if (this.#pending.size >= PENDING_MAX) {
      const [oldest] = this.#pending.keys();
      this.#pending.delete(oldest!);
      this.#dropped++;
    }
    const entry = { id, incident: undefined, owed: 0, settled: 0 };
    this.#pending.set(id, entry);
    return entry;
  }

  #writeSoon(): void {
    if (this.#fault !== undefined || this.#isDue || this.#soon !== undefined) return;
    this.#isDue = true;
    queueMicrotask(() => this.#flush());
  }

  get(id: string): Incident | undefined {
    return this.#try(() => this.#book.get(id));
  }

  /** The latest first, of those that `wanted` wants. */
  find(query: StoredQuery, limit: number, wanted: (incident: Incident) => boolean): Incident[] {
    return this.#try(() => this.#book.find(query).filter(wanted).take(limit).toArray()) ?? [];
  }

  /** Once in a while: writes how those that are open are now, and forgets what is too old or too much. */
  keep(open: Iterable<Incident>): void {
    for (const incident of open) this.put(incident);
    const pruned = this.#try(() => this.#prune());
    if (pruned !== undefined && pruned >= BATCH) this.#keeping = setImmediate(() => this.keep([]));
  }

  /** Why nothing is stored now. */
  fault(): string | undefined {
    return this.#fault;
  }

  reading(): StoreReading {
    return {
      isUp: this.#fault === undefined,
      incidents: this.#incidents,
      written: this.#written,
      failures: this.#failures,
      dropped: this.#dropped,
      pruned: this.#pruned,
      damaged: this.#damaged,
      seconds: this.#seconds,
    };
  }

  /** Writes what waits. */
  close(): void {
    while (this.#pending.size > 0 && this.#write());
    this.#try(() => this.#book.close());
    clearImmediate(this.#soon);
    clearImmediate(this.#keeping);
    clearTimeout(this.#later);
  }

  #prune(): number {
    const { ageMsMax, incidentsMax } = this.#options;
    const old = this.#book.pruneOld(Date.now() - ageMsMax, BATCH);
    const many = this.#book.pruneMany(Math.min(BATCH, Math.max(0, this.#book.count() - incidentsMax)));
    this.#incidents = this.#book.count();
    this.#pruned += old + many;
    return Math.max(old, many);
  }

  /** The first batch at once; between others, others have their turn. */
  #flush(): void {
    this.#isDue = false;
    this.#soon = undefined;
    // Or it was closed meanwhile, and all is written.
    if (this.#pending.size > 0) this.#writeBatch();
  }

  #writeBatch(): void {
    if (this.#write() && this.#pending.size > 0) this.#soon = setImmediate(() => this.#flush());
  }

  /** Whether it could. */
  #write(): boolean {
    const batch = [...this.#pending.values().take(BATCH)];
    const isWritten = this.#try(() => {
      this.#book.putAll(batch);
      return true;
    });
    if (isWritten === undefined) return false;
    for (const { id } of batch) this.#pending.delete(id);
    this.#written += batch.filter(({ incident }) => incident !== undefined).length;
    if (this.#fault !== undefined) this.#options.log.info('incidents are stored again');
    this.#fault = undefined;
    return true;
  }

  #try<Result>(work: () => Result): Result | undefined {
    const from = performance.now();
    try {
      return work();
    } catch (error) {
      this.#fail(error);
      return undefined;
    } finally {
      this.#seconds += (performance.now() - from) / 1_000;
    }
  }

  #fail(error: unknown): void {
    this.#failures++;
    const { path, log, retryMs } = this.#options;
    const fault = `incidents are not stored: ${path}: ${sayOf(error)}`;
    if (this.#fault === undefined) log.warn(fault);
    this.#fault = fault;
    if (isCorruption(error) && !this.#isDamaged) {
      this.#isDamaged = true;
      this.#damaged++;
    }
    clearTimeout(this.#later);
    this.#later = setTimeout(() => void this.#retry(), retryMs).unref();
  }

  async #retry(): Promise<void> {
    try {
      if (this.#isDamaged) await this.#replace();
      // Nothing, if nothing waits: that shows whether it can be written.
      this.#writeBatch();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What is open is written into the new file when it is kept next. */
  async #replace(): Promise<void> {
    const { path } = this.#options;
    this.#book.close();
    moveAside(path);
    this.#book = new Book(await openDatabase(path), this.#options);
    this.#isDamaged = false;
  }
}

function sayOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
