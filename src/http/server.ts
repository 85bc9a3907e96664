import type { AddressInfo } from 'node:net';

import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';

import { reloadRoute, statusRoute } from './admin.ts';
import { blameRoute } from './blame.ts';
import { healthyRoute, readyRoute } from './health.ts';
import { incidentRoutes } from './incidents.ts';
import { landingRoute } from './landing.ts';
import { LIMITS, type Limits } from './limits.ts';
import { type Address, bind } from './listen.ts';
import { metricsRoute } from './metrics.ts';
import { openapiRoute } from './openapi.ts';
import type { Sources } from './ports.ts';
import { isLoopback, refusal } from './privacy.ts';
import { forestRoute, graphRoute, processRoute } from './process.ts';
import { processesRoute } from './processes.ts';
import { isAt, type Route } from './route.ts';
import { runbookRoute } from './runbooks.ts';
import { streamRoute } from './stream/route.ts';
import { pressureRoute, workloadsRoute } from './workloads.ts';

export interface HttpServer {
  /** Resolves with where it listens. Throws a `ListenError` that names the address and what to do. */
  listen(address: Address): Promise<Address>;
  /** Lets what is under way end, for at most `closeMs`. Safe without `listen`, and twice. */
  close(): Promise<void>;
}

/** Answers the world over HTTP/1.1. */
export function createHttpServer(sources: Sources, log: FastifyBaseLogger, limits: Partial<Limits> = {}): HttpServer {
  const settings = { ...LIMITS, ...limits };
  const app = open(settings, log);
  const address = (): AddressInfo => app.server.address() as AddressInfo;

  const routes: Route[] = [
    metricsRoute(sources.exposition),
    healthyRoute(),
    readyRoute(sources.readiness),
    reloadRoute(() => sources.reload()),
    statusRoute(() => sources.status()),
    blameRoute((query) => sources.blame(query)),
    ...incidentRoutes(sources.incidents),
    processesRoute((query) => sources.processes(query)),
    processRoute((wanted) => sources.process(wanted)),
    forestRoute((bounds) => sources.forest(bounds)),
    graphRoute((wanted, bounds) => sources.graph(wanted, bounds)),
    workloadsRoute((query) => sources.workloads(query)),
    pressureRoute((query) => sources.pressure(query)),
    streamRoute(sources.stream),
    runbookRoute((name) => sources.runbook(name)),
    openapiRoute(sources.version, () => routes),
    landingRoute(sources.version, () => routes.filter((route) => !route.isPrivate || isLoopback(address().address))),
  ];
  for (const route of routes) addRoute(app, route, () => address().address);
  answerTheRest(app, routes);

  let closing: Promise<void> | undefined;
  return {
    async listen(wanted) {
      await bind(app, wanted);
      return { host: address().address, port: address().port };
    },
    close() {
      sources.stream.close();
      closing ??= close(app, settings.closeMs);
      return closing;
    },
  };
}

function open(limits: Limits, log: FastifyBaseLogger): FastifyInstance {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.stalledMs,
    keepAliveTimeout: limits.keepAliveMs,
    forceCloseConnections: 'idle',
    http: {
      headersTimeout: limits.headersMs,
      maxHeaderSize: limits.headerBytes,
      // Each look is a wake-up of the CPU, whether there are connections or not.
      connectionsCheckingInterval: Math.min(5_000, limits.headersMs),
    },
  });
  app.server.maxConnections = limits.connections;
  // Answers are small and plain: a compiled serializer for each would cost more memory than it saves time.
  app.setSerializerCompiler(() => JSON.stringify);
  // No route reads a body, so any kind is taken, and bounded.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, _body, done) => done(null));
  app.addHook('onRequest', async (_, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });
  return app;
}

function addRoute(app: FastifyInstance, route: Route, listening: () => string): void {
  app.route({
    method: route.method,
    url: route.url,
    handler: route.handle,
    async onRequest(request, reply) {
      const reason = route.isPrivate ? refusal(request, listening()) : undefined;
      return reason === undefined ? undefined : reply.code(403).send({ error: reason });
    },
  });
}

function answerTheRest(app: FastifyInstance, routes: readonly Route[]): void {
  app.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?');
    const methods = routes.filter((route) => isAt(route, path)).map(({ method }) => method);
    const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');

    if (allowed === '')
      return reply.code(404).send({ error: `nothing is served at ${request.url}; GET / lists what is` });
    return reply
      .code(405)
      .header('allow', allowed)
      .send({ error: `expected ${allowed}; got ${request.method}` });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, `cannot answer ${request.method} ${request.url}`);
    return reply.code(status).send({ error: error.message });
  });
}

async function close(app: FastifyInstance, closeMs: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), closeMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}
