import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { EventStream } from '../../src/http/index.ts';
import { culprit } from './culprit.ts';

export const newStream = (name = 'life') => new EventStream({ name, clientsMax: 2, eventsMax: 1_024 });

/** Streams as a person would, who interrupts after so many lines. */
export function watch(url: string, lines: number, ...flags: string[]) {
  const stop = new AbortController();
  const written: string[] = [];
  const told: string[] = [];
  const outcome = culprit(['stream', '--url', url, ...flags], {
    stopping: () => stop.signal,
    stdout: {
      write(text: string) {
        written.push(text);
        if (written.length === lines) stop.abort();
      },
    },
    stderr: { write: (text: string) => told.push(text) },
  });
  return { written, told, outcome, stop };
}

/** A way to the exporter that breaks off each connection after so many events, once. */
export function brokenAfter(url: string, events: number) {
  let breaks = 0;
  const server = createServer(async (request, response) => {
    const reply = await fetch(url + request.url, { headers: request.headers as Record<string, string> });
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? '' });
    let text = '';
    for await (const piece of reply.body!) {
      response.write(piece);
      text += Buffer.from(piece).toString();
      if (breaks > 0 || text.split('data:').length <= events) continue;
      breaks++;
      response.destroy();
      return;
    }
  });
  return { url: open(server), breaks: () => breaks };
}

export async function open(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
