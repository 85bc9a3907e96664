import { get, type IncomingMessage } from 'node:http';
import { after } from 'node:test';

import { type Message, SseParser } from '../../src/cli/sse.ts';
import { until } from '../support/until.ts';

/** One who listens to a stream. */
export interface Listener {
  readonly response: IncomingMessage;
  readonly messages: Message[];
  /** As it would say in Last-Event-ID. */
  lastId(): string;
  readonly closed: Promise<void>;
  leave(): void;
  /** Resolves with all messages once there are so many. */
  heard(count: number): Promise<Message[]>;
}

/** Reads all that comes, unless `reads` is false; then it never reads a byte behind the headers. */
export async function listen(url: string, { lastEventId = '', reads = true } = {}): Promise<Listener> {
  const headers = lastEventId === '' ? {} : { 'last-event-id': lastEventId };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = get(url, { headers, agent: false }, resolve).on('error', reject);
  const response = await promise;
  const parser = new SseParser();
  const messages: Message[] = [];
  const closed = new Promise<void>((done) => void response.once('close', done));

  after(() => request.destroy());
  response.on('error', () => request.destroy());
  if (reads) response.setEncoding('utf8').on('data', (piece: string) => messages.push(...parser.take(piece)));
  return {
    response,
    messages,
    lastId: () => parser.lastId,
    closed,
    leave: () => request.destroy(),
    heard: async (count) => {
      await until(() => messages.length >= count);
      return messages;
    },
  };
}
