import type { StreamKind } from '../../core/model/stream.ts';

/** One event, ready to be sent. */
export interface Entry {
  readonly kind: StreamKind;
  /** By name. */
  readonly workload: string;
  readonly frame: string;
}

/** What somebody missed who wants to go on behind an id. */
export interface Resumption {
  /** Number of the first event to send. */
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

/** The last events, numbered; the oldest give way. An id is the log's own name and a number, so that a restart is noticed. */
export class Log {
  readonly #name: string;
  readonly #eventsMax: number;
  /** By number modulo `eventsMax`. */
  readonly #entries: (Entry | undefined)[] = [];
  #characters = 0;
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

  add(kind: StreamKind, workload: string, data: string): void {
    const frame = `id: ${this.#name}-${this.next}\nevent: ${kind}\ndata: ${data}\n\n`;
    while (this.next - this.first >= this.#eventsMax || this.#characters + frame.length > CHARACTERS_MAX) {
      if (this.first === this.next) break;
      this.#forgetFirst();
    }
    this.#entries[this.next % this.#eventsMax] = { kind, workload, frame };
    this.#characters += frame.length;
    this.next++;
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

    if (name !== this.#name || from > this.next) return { from: this.first, lost: { reason: 'unknown', events: null } };
    if (from < this.#pausedBefore) return { from: this.first, lost: { reason: 'expired', events: null } };
    const missed = this.first - from;
    return missed > 0 ? { from: this.first, lost: { reason: 'expired', events: missed } } : { from, lost: undefined };
  }

  #forgetFirst(): void {
    const at = this.first++ % this.#eventsMax;
    this.#characters -= this.#entries[at]?.frame.length ?? 0;
    this.#entries[at] = undefined;
  }
}
