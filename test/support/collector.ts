import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { LogsRequest, MetricsRequest, TracesRequest } from './otlp.ts';
import { otlpDefinitions } from './otlp-definitions.ts';

/*
 * Collectors made from OpenTelemetry's own definitions: what they received is what any collector would have.
 */

const DEFINITIONS = otlpDefinitions();

interface Received {
  readonly metrics: MetricsRequest[];
  readonly traces: TracesRequest[];
  readonly logs: LogsRequest[];
}
export type Signal = keyof Received;
type Request = Received[Signal][number];

export interface Collector {
  readonly endpoint: string;
  /** Pushes of metrics. */
  readonly requests: readonly MetricsRequest[];
  readonly traces: readonly TracesRequest[];
  readonly logs: readonly LogsRequest[];
  /** Of the last request. */
  readonly headers: () => Readonly<Record<string, string | string[] | undefined>>;
  close(): void;
}

const SERVICES = { metrics: serviceOf('metrics'), traces: serviceOf('trace'), logs: serviceOf('logs') } as const;
const SIGNALS = Object.keys(SERVICES) as Signal[];

function serviceOf(
  name: 'metrics' | 'trace' | 'logs',
): Readonly<Record<string, grpc.MethodDefinition<Request, object>>> {
  const definition = loadSync(`opentelemetry/proto/collector/${name}/v1/${name}_service.proto`, {
    includeDirs: [DEFINITIONS],
    longs: String,
    enums: String,
    defaults: false,
  });
  const service = `${name[0]!.toUpperCase()}${name.slice(1)}Service`;
  return definition[`opentelemetry.proto.collector.${name}.v1.${service}`] as grpc.ServiceDefinition;
}

/** What a collector says to a push: a response, or an error with its status. `undefined` is no answer, ever. */
export type Answer = (signal: Signal) => object | Partial<grpc.ServiceError> | undefined;

interface Manners {
  /** `false` takes a request and never answers it. */
  readonly answers?: boolean;
  readonly answer?: Answer;
  readonly port?: number;
}

export async function grpcCollector({
  answers = true,
  answer = () => (answers ? {} : undefined),
  port: wanted = 0,
}: Manners = {}): Promise<Collector> {
  const received: Received = { metrics: [], traces: [], logs: [] };
  let headers = {};
  const server = new grpc.Server();
  for (const signal of SIGNALS) {
    server.addService(SERVICES[signal], {
      Export(call: grpc.ServerUnaryCall<Request, object>, done: grpc.sendUnaryData<object>) {
        (received[signal] as Request[]).push(call.request);
        headers = call.metadata.getMap();
        const said = answer(signal);
        if (said === undefined) return;
        if ('code' in said) done(said);
        else done(null, said);
      },
    });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wanted}`, grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return collector(
    port,
    received,
    () => headers,
    () => server.forceShutdown(),
  );
}

/** Answers on the default paths, /v1/metrics and so on, only; `status` with what HTTP calls an error, or with 200. */
export async function httpCollector(port = 0, { answers = true, status = (): number => 200 } = {}): Promise<Collector> {
  const received: Received = { metrics: [], traces: [], logs: [] };
  let headers = {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const signal = SIGNALS.find((each) => request.url === `/v1/${each}`);
    if (signal === undefined) {
      response.writeHead(404).end();
      return;
    }
    headers = request.headers;
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    (received[signal] as Request[]).push(SERVICES[signal].Export!.requestDeserialize(plain));
    if (answers) response.writeHead(status(), { 'content-type': 'application/x-protobuf' }).end();
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return collector(
    (server.address() as AddressInfo).port,
    received,
    () => headers,
    () => {
      server.closeAllConnections();
      server.close();
    },
  );
}

function collector(
  port: number,
  { metrics, traces, logs }: Received,
  headers: Collector['headers'],
  close: () => void,
) {
  return { endpoint: `http://127.0.0.1:${port}`, requests: metrics, traces, logs, headers, close };
}
