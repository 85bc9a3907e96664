import { connect, type Socket } from 'node:net';
import { after } from 'node:test';

import { pino } from 'pino';

import type { Incident } from '../../src/core/model/incident.ts';
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

/** A storm, five seconds into 1970. */
export const INCIDENT: Incident = {
  id: '0198-a',
  state: 'open',
  fingerprint: 'fork-storm/process/8121@7',
  detector: 'fork-storm',
  title: 'Fork storm',
  severity: 'critical',
  entity: { kind: 'process', key: '8121@7', name: 'bash (pid 8121)' },
  culprit: {
    process: { pid: 8121, startedNs: 7, comm: 'bash', exe: 'bash' },
    lineage: [{ pid: 800, startedNs: 3, comm: 'sshd', exe: 'sshd' }],
    group: 'bash',
    workload: { kind: 'unit', name: 'ssh.service' },
  },
  victim: undefined,
  value: 200,
  threshold: 50,
  unit: '{fork}/s',
  windowMs: 500,
  evidence: [
    { id: 'E1', what: 'forks', value: 100, unit: '{fork}', source: 'sched_process_fork', from: 4_500, to: 5_000 },
  ],
  forecast: undefined,
  onsetAt: 4_500,
  detectedAt: 5_000,
  peakValue: 200,
  peakAt: 5_000,
  peakStrength: 4,
  heldAt: 5_000,
  resolvedAt: Number.NaN,
  overlaps: [],
};

const RUNBOOK = { meaning: 'It forks.', impact: 'No pids.', diagnosis: 'Look up.', mitigation: 'Stop it.' };

export const QUIET: Sources = {
  version: '1.2.3',
  exposition: {
    scrape: async () => ({ body: new TextEncoder().encode('up 1\n'), contentType: 'text/plain; version=0.0.4' }),
  },
  readiness: { ready: () => ({ ready: true, mode: 'bpf', reasons: [] }) },
  status: () => ({ mode: 'bpf', processes: 7 }),
  blame: () => ({ window: { asked: 30, covered: 29 }, coverage: 1, degraded: [], victims: [] }),
  incidents: {
    detectors: ['fork-storm'],
    find: () => ({ incidents: [], degraded: [] }),
    get: () => INCIDENT,
    runbookOf: () => RUNBOOK,
    now: () => 0,
    wallOffsetMs: () => 0,
  },
  stream: new EventStream({ name: 'quiet', clientsMax: 64, eventsMax: 1_024 }),
  processes: () => ({ total: 0, matched: 0, processes: [], degraded: [] }),
  process: ({ pid }) => ({ pid }),
  forest: () => ({ roots: [] }),
  graph: ({ pid }) => ({ root: { pid } }),
  runbook: async (name) => `# ${name}\n`,
  workloads: () => ({ total: 0, matched: 0, workloads: [], degraded: [] }),
  pressure: () => ({ host: {}, matched: 0, workloads: [], degraded: [] }),
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
