import { setTimeout as sleep } from 'node:timers/promises';

import { Refused, whyOf } from './ask.ts';
import { type Message, SseParser } from './sse.ts';

/** Where the stream is, and how long to be patient with it. */
export interface Source {
  readonly base: URL;
  readonly query: URLSearchParams;
  readonly stopping: AbortSignal;
  /** The exporter is gone, for this reason; it is asked again and again. */
  readonly onGone: (reason: string) => void;
  /** It answers again. */
  readonly onBack: () => void;
}

/** Three heartbeats. */
const SILENT_MS_MAX = 45_000;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 15_000;

/**
 * Messages until `stopping`. Whoever stops to answer is asked again, from the last id on.
 *
 * Throws one sentence when nobody answers at first, `Refused` where a parameter is wrong.
 */
export async function* messages(source: Source): AsyncGenerator<Message, void> {
  const { stopping, onBack, onGone } = source;
  const connection = new Connection(source);
  let isFirst = true;

  for (let pauseMs = PAUSE_MS_MIN; !stopping.aborted; ) {
    try {
      for await (const message of connection.open()) {
        if (message === 'open') {
          if (!isFirst) onBack();
          isFirst = false;
          pauseMs = PAUSE_MS_MIN;
        } else yield message;
      }
      if (!stopping.aborted) onGone('it ended the stream');
    } catch (error) {
      if (stopping.aborted) return;
      if (isFirst || error instanceof Refused) throw error;
      onGone(error instanceof Error ? error.message : String(error));
    }
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => {});
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
  }
}

/** One connection after the other, each going on where the last one broke. */
class Connection {
  readonly #source: Source;
  #lastId = '';

  constructor(source: Source) {
    this.#source = source;
  }

  /** `open` once it answers, then messages until it breaks. */
  async *open(): AsyncGenerator<Message | 'open', void> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(new Error('it is silent')), SILENT_MS_MAX);
    const parser = new SseParser(this.#lastId);
    try {
      const body = await this.#ask(AbortSignal.any([this.#source.stopping, silence.signal]));
      yield 'open';
      for await (const piece of body.pipeThrough(new TextDecoderStream())) {
        timer.refresh();
        const found = parser.take(piece);
        for (const message of found) {
          this.#lastId = message.id;
          yield message;
        }
        this.#lastId = parser.lastId;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { base, query } = this.#source;
    const shown = base.href.replace(/\/$/, '');
    const url = new URL(`stream?${query}`, `${shown}/`);
    const headers = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    const reply = await fetch(url, { signal, headers }).catch((error: unknown) => {
      throw new Error(
        `nobody answers at ${shown}: ${whyOf(error)}; start one with culprit run, or say with --url where it is`,
      );
    });
    const isStream = reply.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (reply.ok && isStream && reply.body !== null) return reply.body;

    const { error } = (await reply.json().catch(() => ({}))) as { error?: string };
    if (reply.status === 400 && error !== undefined) throw new Refused(error);
    throw new Error(`${shown} answered ${reply.status}: ${error ?? 'it is no Culprit, or one of another version'}`);
  }
}
