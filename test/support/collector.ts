import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { Certificates } from './certificates.ts';
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
  readonly tls?: Certificates;
}

interface HttpManners {
  readonly answers?: boolean;
  /** What HTTP calls an error, or 200. */
  readonly status?: () => number;
  /** In place of that: whatever a server may do to a client. */
  readonly reply?: (signal: Signal, response: ServerResponse) => void;
  readonly tls?: Certificates;
}

export async function grpcCollector({
  answers = true,
  answer = () => (answers ? {} : undefined),
  port: wanted = 0,
  tls,
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
    server.bindAsync(`127.0.0.1:${wanted}`, grpcCredentials(tls), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return collector(
    port,
    received,
    () => headers,
    () => server.forceShutdown(),
    tls,
  );
}

/** Who speaks TLS asks for a certificate of the same authority. */
function grpcCredentials(tls: Certificates | undefined): grpc.ServerCredentials {
  if (tls === undefined) return grpc.ServerCredentials.createInsecure();
  const pair = { private_key: tls.server.key, cert_chain: tls.server.cert };
  return grpc.ServerCredentials.createSsl(tls.ca, [pair], true);
}

/** Answers on the default paths, /v1/metrics and so on, only. */
export async function httpCollector(
  port = 0,
  {
    answers = true,
    status = () => 200,
    reply = (_, response) => response.writeHead(status(), { 'content-type': 'application/x-protobuf' }).end(),
    tls,
  }: HttpManners = {},
): Promise<Collector> {
  const received: Received = { metrics: [], traces: [], logs: [] };
  let headers = {};
  const listener: RequestListener = async (request, response) => {
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
    if (answers) reply(signal, response);
  };
  const server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer({ ...tls.server, ca: tls.ca, requestCert: true, rejectUnauthorized: true }, listener);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return collector(
    (server.address() as AddressInfo).port,
    received,
    () => headers,
    () => {
      server.closeAllConnections();
      server.close();
    },
    tls,
  );
}

/** The bytes of a response, for who answers by HTTP. */
export function responseOf(signal: Signal, response: object): Buffer {
  return SERVICES[signal].Export!.responseSerialize(response);
}

function collector(
  port: number,
  { metrics, traces, logs }: Received,
  headers: Collector['headers'],
  close: () => void,
  tls: Certificates | undefined,
) {
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests: metrics,
    traces,
    logs,
    headers,
    close,
  };
}
