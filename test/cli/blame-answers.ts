import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

import type { BlameAnswer, BlamePart, BlameVictim } from '../../src/cli/blame-answer.ts';

export interface Answering {
  readonly url: string;
  /** What was asked for, path and query. */
  readonly asked: string[];
}

/** Answers everything with this, at a free port, until the tests are over. */
export async function answering(answer: object, status = 200): Promise<Answering> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

export function part(offender: string, share: number, more: Partial<BlamePart> = {}): BlamePart {
  const told = { cause: 'neighbour', basis: 'measured', excessShare: null, processes: [] } as const;
  return { offender, seconds: share * 0.312, share, ...told, ...more };
}

export const RESIZER: BlamePart = part('resizer.service', 0.94, {
  excessShare: 0.52,
  processes: [{ pid: 8121, comm: 'convert', exe: 'convert' }],
});

export const PAYMENTS: BlameVictim = {
  victim: { name: 'payments.service' },
  resource: 'cpu',
  seconds: 0.312,
  verdict: 'neighbour',
  confidence: 'high',
  parts: [
    RESIZER,
    part('payments.service', 0.05, { cause: 'self', processes: [{ pid: 77, comm: 'api', exe: 'node' }] }),
    part('kernel:kworker', 0.006, { cause: 'kernel' }),
    part('kernel:softirq', 0.004, { cause: 'kernel' }),
  ],
  remainder: { seconds: 0, share: 0 },
};

export const CRON: BlameVictim = {
  ...PAYMENTS,
  victim: { name: 'cron.service' },
  seconds: 0.004,
  verdict: 'none',
  parts: [part('resizer.service', 1)],
};

export function answerOf(...victims: readonly BlameVictim[]): BlameAnswer {
  return { window: { asked: 30, covered: 29.6 }, coverage: 0.9999, degraded: [], victims };
}
