import type { StreamKind } from '../../core/model/stream.ts';

/** What an event is about. */
export interface Subject {
  readonly kind: StreamKind;
  /** By name. */
  readonly workload: string;
  readonly victim?: string | undefined;
}

/** One event, ready to be sent. */
export interface Entry extends Subject {
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

/** The last events, numbered; the oldest give way. An id is the log's own name and a number, so that a restart is noticed. */
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
  /** Between the number before this one and it, nobody wrote. */
  #pausedBefore = 0;

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

  add(subject: Subject, data: string): void {
    const number = this.next;
    const frame = `id: ${this.#name}-${number}\nevent: ${subject.kind}\ndata: ${data}\n\n`;
    while (this.next - this.first >= this.#eventsMax || this.#characters + frame.length > CHARACTERS_MAX) {
      if (this.first === this.next) break;
      this.#forgetFirst();
    }
    const entry = { ...subject, number, frame };
    this.#entries[number % this.#eventsMax] = entry;
    this.#characters += frame.length;
    this.next++;
    if (subject.kind === 'incident' && this.#incidents.push(entry) > INCIDENTS_MAX) this.#incidents.shift();
  }

  /** Forgets all: from now on nobody writes, and who comes back later must be told so. */
  pause(): void {
    while (this.first < this.next) this.#forgetFirst();
    this.first = ++this.next;
    this.#pausedBefore = this.next;
  }

  /** Where to go on behind this id. */
  resume(id: string): Resumption {
    const [, name, number] = /^(.*)-(\d{1,15})$/.exec(id) ?? [];
    const from = Number(number) + 1;

    const isKnown = name === this.#name && from <= this.next;
    if (!isKnown) return { since: this.first, from: this.first, lost: { reason: 'unknown', events: null } };
    const gone = { since: from, from: this.first };
    if (from < this.#pausedBefore) return { ...gone, lost: { reason: 'expired', events: null } };
    const missed = this.first - from;
    return missed > 0
      ? { ...gone, lost: { reason: 'expired', events: missed } }
      : { since: from, from, lost: undefined };
  }

  #forgetFirst(): void {
    const at = this.first++ % this.#eventsMax;
    this.#characters -= this.#entries[at]?.frame.length ?? 0;
    this.#entries[at] = undefined;
  }
}
