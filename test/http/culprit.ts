import { connect, type Socket } from 'node:net';
import { after } from 'node:test';

import { pino } from 'pino';

import {
  type Address,
  createHttpServer,
  EventStream,
  type HttpServer,
  type Limits,
  type Sources,
} from '../../src/http/index.ts';

export interface Listening {
  readonly server: HttpServer;
  readonly address: Address;
  readonly url: string;
  /** What was logged, one object a line. */
  readonly logged: string[];
}

/** Answers from these sources, or from quiet ones, on a free port; closed after the tests. */
export async function listening(
  sources: Partial<Sources> = {},
  { host = '127.0.0.1', limits = {} as Partial<Limits> } = {},
): Promise<Listening> {
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const server = createHttpServer({ ...QUIET, ...sources }, log, limits);

  const address = await server.listen({ host, port: 0 });
  after(() => server.close());
  return { server, address, url: `http://127.0.0.1:${address.port}`, logged };
}

export const QUIET: Sources = {
  version: '1.2.3',
  exposition: {
    scrape: async () => ({ body: new TextEncoder().encode('up 1\n'), contentType: 'text/plain; version=0.0.4' }),
  },
  readiness: { ready: () => ({ ready: true, mode: 'bpf', reasons: [] }) },
  status: () => ({ mode: 'bpf', processes: 7 }),
  blame: () => ({ window: { asked: 30, covered: 29 }, coverage: 1, degraded: [], victims: [] }),
  stream: new EventStream({ name: 'quiet', clientsMax: 64, eventsMax: 1_024 }),
  processes: () => ({ total: 0, matched: 0, processes: [], degraded: [] }),
  process: ({ pid }) => ({ pid }),
  forest: () => ({ roots: [] }),
  graph: ({ pid }) => ({ root: { pid } }),
  reload: async () => ({ ok: true }),
};

export interface Raw {
  readonly socket: Socket;
  /** All that came until the other side closed. */
  readonly received: Promise<string>;
}

/** A client that says exactly this, and no more. */
export function say(address: Address, words: string): Raw {
  const socket = connect(address.port, '127.0.0.1', () => socket.write(words));
  const received = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(text));
  });
  return { socket, received };
}
