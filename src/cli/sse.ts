/** One message of a `text/event-stream`. */
export interface Message {
  /** The last id that was told, by this message or one before it. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** A line that has no end by then is none of ours. */
const LINE_CHARACTERS_MAX = 1 << 20;

/** Takes a stream apart as the HTML standard says (9.2.6), whatever the pieces in which it comes. */
export class SseParser {
  /** Of the last message that was whole: where to go on. */
  lastId: string;
  #id: string;
  #rest = '';
  #event = '';
  #data: string[] = [];

  constructor(lastId = '') {
    this.lastId = lastId;
    this.#id = lastId;
  }

  /** The messages that this piece completes. Throws when it is no such stream. */
  take(piece: string): Message[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LINE_CHARACTERS_MAX) throw new Error('it sent a line without an end');
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): Message[] {
    if (line === '') return this.#dispatch();
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    if (field === 'id' && !value.includes('\0')) this.#id = value;
    return [];
  }

  #dispatch(): Message[] {
    this.lastId = this.#id;
    const message = { id: this.lastId, event: this.#event || 'message', data: this.#data.join('\n') };
    const isMessage = this.#data.length > 0;
    this.#event = '';
    this.#data = [];
    return isMessage ? [message] : [];
  }
}
