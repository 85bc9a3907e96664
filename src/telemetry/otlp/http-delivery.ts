import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Agent, request } from 'undici';
import type { Delivery } from '../outbox/outbox.ts';
import { httpVerdict, later, type Verdict } from '../outbox/verdict.ts';
import { filesOf, type OtlpOptions, urlOf } from './connection.ts';
import { arrived } from './receipt.ts';
import type { Signal } from './signal.ts';

const compress = promisify(gzip);
/** A receipt is some bytes; more than this is not read. */
const ANSWER_BYTES_MAX = 65_536;

/** Delivers by http/protobuf, each try in bounded time, one that dribbles included. Throws when a certificate can't be read. */
export function httpDelivery<Item>(signal: Signal<Item>, options: OtlpOptions): Delivery<Item> {
  const { href } = urlOf(options, signal.path);
  const dispatcher = new Agent({ connect: filesOf(options), maxResponseSize: ANSWER_BYTES_MAX });
  const isCompressed = options.compression === 'gzip';
  const headers = {
    ...options.headers,
    'content-type': 'application/x-protobuf',
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  };

  async function post(bytes: Uint8Array): Promise<Verdict> {
    const body = isCompressed ? await compress(bytes) : bytes;
    const deadline = AbortSignal.timeout(options.timeoutSeconds * 1e3);
    const answer = await request(href, { method: 'POST', headers, body, dispatcher, signal: deadline });
    const { statusCode } = answer;
    // Whatever becomes of the receipt, a status is an answer.
    const receipt = await answer.body.bytes().catch(() => undefined);
    if (statusCode < 200 || statusCode >= 300)
      return httpVerdict(statusCode, `HTTP ${statusCode}`, retryAfterMs(answer.headers['retry-after']));
    if (isPage(answer.headers['content-type']))
      return later(`HTTP ${statusCode} with a web page, which no collector sends`);
    return arrived(signal, receipt);
  }

  return {
    deliver: async (items) => await post(signal.encode([...items])).catch((error: unknown) => later(reasonOf(error))),
    close() {
      void dispatcher.destroy();
    },
  };
}

/** Of a portal, a login, or a server whose backend is away. It took nothing, whatever its status says. */
function isPage(type: string | string[] | undefined): boolean {
  return String(type).startsWith('text/html');
}

/** Node leaves the message of a connection that no address took empty. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const seconds = Number(header);
  const delayMs = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1e3;
  return Number.isNaN(delayMs) ? undefined : Math.max(0, delayMs);
}
