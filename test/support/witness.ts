import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { request } from 'undici';

/** A page as it passed. */
export interface Passed {
  readonly status: number;
  readonly contentType: string;
  readonly encoding: string;
  readonly text: string;
}

/** Stands between a scraper and Culprit, hands on every byte, and remembers the pages. */
export interface Witness {
  /** `host:port` to scrape instead. */
  readonly address: string;
  /** In the order of their scrapes. */
  readonly pages: readonly Passed[];
  close(): void;
}

/** With `accept`, Culprit is told that this is what the scraper takes: Prometheus 2 has no say of its own. */
export async function startWitness(url: string, accept?: string): Promise<Witness> {
  const pages: Passed[] = [];
  const server = createServer((incoming, outgoing) => {
    handOn(incoming, outgoing).catch((error) => outgoing.writeHead(502).end(String(error)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function handOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const headers = {
      accept: accept ?? String(incoming.headers.accept),
      'accept-encoding': String(incoming.headers['accept-encoding']),
    };
    const { statusCode, headers: answered, body } = await request(url + incoming.url, { headers });
    const bytes = Buffer.from(await body.arrayBuffer());
    const encoding = String(answered['content-encoding'] ?? '');
    const contentType = String(answered['content-type']);
    const text = (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
    pages.push({ status: statusCode, contentType, encoding, text });
    outgoing.writeHead(statusCode, { 'content-type': contentType, ...(encoding && { 'content-encoding': encoding }) });
    outgoing.end(bytes);
  }

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
