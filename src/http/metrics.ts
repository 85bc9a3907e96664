import type { ServerResponse } from 'node:http';

import * as Type from 'typebox';

import type { Exposition } from './ports.ts';
import { type Route, text } from './route.ts';

/** `GET /metrics`: the whole page, or a 500 with the reason; never half of one. */
export function metricsRoute(exposition: Exposition): Route {
  return {
    method: 'GET',
    url: '/metrics',
    summary: 'Every metric, as Prometheus text 0.0.4 or OpenMetrics 1.0, plain or gzip, as the client accepts',
    isPrivate: false,
    responses: {
      200: text('The metrics', Type.String()),
      500: text('Why there is no page', Type.String()),
    },
    async handle(request, reply) {
      const { accept, 'accept-encoding': acceptEncoding } = request.headers;
      reply.header('vary', 'accept, accept-encoding');

      try {
        const page = await exposition.scrape(accept, flat(acceptEncoding));
        if (page.release !== undefined) whenClosed(reply.raw, page.release);
        if (page.encoding !== undefined) reply.header('content-encoding', page.encoding);
        return await reply.type(page.contentType).send(page.body);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        request.log.error({ err: error }, 'cannot render the metrics');
        return await reply.code(500).type('text/plain; charset=utf-8').send(`cannot render the metrics: ${reason}\n`);
      }
    },
  };
}

/** A client may be gone before its page is made; then nobody will say so again. */
function whenClosed(response: ServerResponse, release: () => void): void {
  if (response.destroyed) release();
  else response.once('close', release);
}

function flat(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'object' ? header.join() : header;
}
