import type { StreamKind } from '../../core/model/stream.ts';

/** What an event is about. */
export interface Subject {
  readonly kind: StreamKind;
  /** By name. */
  readonly workload: string;
  readonly victim?: string | undefined;
}

/** One event, ready to be sent; or, of the kind `none`, only a place in the log. */
export interface Entry extends Omit<Subject, 'kind'> {
  readonly kind: StreamKind | 'none';
  readonly number: number;
  readonly frame: string;
}

/** What somebody missed who wants to go on behind an id. */
export interface Resumption {
  /** Number of the first event that it has not got, and of the first that there still is. */
  readonly since: number;
  readonly from: number;
  readonly lost: Loss | undefined;
}

export interface Loss {
  /** `slow`: the client took too long. `expired`: the id is too old. `unknown`: it is none of this exporter's, or of its life before. */
  readonly reason: 'slow' | 'expired' | 'unknown';
  /** Of all kinds and workloads; null when nobody counted. */
  readonly events: number | null;
}

/** Of all frames together: names may be long. */
const CHARACTERS_MAX = 4 << 20;
/** Incidents that outlive the other events: what a storm brings about must not be lost in the storm. */
const INCIDENTS_MAX = 256;

/**
 * The last events of the kinds that are written, numbered; the oldest give way. An id is the log's own name and a number, so that a
 * restart is noticed.
 */
export class Log {
  readonly #name: string;
  readonly #eventsMax: number;
  /** By number modulo `eventsMax`. */
  readonly #entries: (Entry | undefined)[] = [];
  #characters = 0;
  readonly #incidents: Entry[] = [];
  /** Number of the oldest that is kept, and of the next to come. */
  first = 1;
  next = 1;
  /** From which number on each kind is written, and whole. */
  readonly #wholeFrom = new Map<StreamKind, number>();

  constructor(name: string, eventsMax: number) {
    this.#name = name;
    this.#eventsMax = eventsMax;
  }

  /** Of the last event before this number. */
  idBefore(number: number): string {
    return `${this.#name}-${number - 1}`;
  }

  get(number: number): Entry {
    return this.#entries[number % this.#eventsMax]!;
  }

  /** Incidents from the one number up to the other, whether or not other events of then are kept. */
  incidents(since: number, before: number): Entry[] {
    return this.#incidents.filter(({ number }) => number >= since && number < before);
  }

  /** Whether it is written. */
  has(kind: string): boolean {
    return (this.#wholeFrom as ReadonlyMap<string, number>).has(kind);
  }

  /** From now on these kinds too. Behind a place of its own: an id from before tells that some may be missing. */
  begin(kinds: Iterable<StreamKind>): void {
    const added = [...kinds].filter((kind) => !this.has(kind));
    if (added.length === 0) return;
    if (this.#wholeFrom.size > 0) this.#push({ kind: 'none', workload: '' }, '');
    for (const kind of added) this.#wholeFrom.set(kind, this.next);
  }

  /** No kind but these any more. */
  keep(kinds: ReadonlySet<StreamKind>): void {
    for (const kind of this.#wholeFrom.keys()) if (!kinds.has(kind)) this.#wholeFrom.delete(kind);
  }

  add(subject: Subject, data: string): void {
    const entry = this.#push(subject, `id: ${this.#name}-${this.next}\nevent: ${subject.kind}\ndata: ${data}\n\n`);
    if (subject.kind === 'incident' && this.#incidents.push(entry) > INCIDENTS_MAX) this.#incidents.shift();
  }

  #push(subject: Pick<Entry, 'kind' | 'workload' | 'victim'>, frame: string): Entry {
    const number = this.next;
    while (this.next - this.first >= this.#eventsMax || this.#characters + frame.length > CHARACTERS_MAX) {
      if (this.first === this.next) break;
      this.#forgetFirst();
    }
    const entry = { ...subject, number, frame };
    this.#entries[number % this.#eventsMax] = entry;
    this.#characters += frame.length;
    this.next++;
    return entry;
  }

  /** Forgets all: from now on nobody writes, and who comes back later must be told so. */
  pause(): void {
    while (this.first < this.next) this.#forgetFirst();
    this.first = ++this.next;
    this.#wholeFrom.clear();
  }

  /** Where who wants these kinds, all of which are written now, goes on behind this id. */
  resume(id: string, kinds: Iterable<StreamKind>): Resumption {
    const [, name, number] = /^(.*)-(\d{1,15})$/.exec(id) ?? [];
    const from = Number(number) + 1;

    const isKnown = name === this.#name && from <= this.next;
    if (!isKnown) return { since: this.first, from: this.first, lost: { reason: 'unknown', events: null } };
    const wholeFrom = Math.max(...[...kinds].map((kind) => this.#wholeFrom.get(kind) ?? this.next));
    if (from < wholeFrom)
      return { since: from, from: Math.max(this.first, wholeFrom), lost: { reason: 'expired', events: null } };
    const missed = this.first - from;
    return missed > 0
      ? { since: from, from: this.first, lost: { reason: 'expired', events: missed } }
      : { since: from, from, lost: undefined };
  }

  #forgetFirst(): void {
    const at = this.first++ % this.#eventsMax;
    this.#characters -= this.#entries[at]?.frame.length ?? 0;
    this.#entries[at] = undefined;
  }
}
