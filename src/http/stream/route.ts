import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

import * as Type from 'typebox';

import { STREAM_KINDS } from '../../core/model/stream.ts';
import { choiceOf, readQuery } from '../query.ts';
import { json, type Route, text } from '../route.ts';
import type { Wanted } from './client.ts';
import type { EventStream } from './event-stream.ts';

const CONTENT_TYPE = 'text/event-stream';
const RETRY_SECONDS = 5;

const Parameters = Type.Object({
  kinds: Type.Optional(
    Type.String({ description: `Only events of these kinds, separated by commas: ${STREAM_KINDS.join(', ')}.` }),
  ),
  workload: Type.Optional(
    Type.String({ description: 'Only events of the workload with this name, and incidents that it suffers from.' }),
  ),
});

/** `GET /stream`: events as they happen, until one of the two goes away. */
export function streamRoute(stream: EventStream): Route {
  return {
    method: 'GET',
    url: '/stream',
    summary: 'Incidents, forks, execs, exits, long waits, storms and OOM kills as they happen, as server-sent events',
    isPrivate: true,
    parameters: Parameters,
    responses: {
      200: text(
        'Events without end. Each has an id; with the last one in the header Last-Event-ID the stream goes on behind it. The event `lost` says that some are missing, and why.',
        Type.String(),
        CONTENT_TYPE,
      ),
      400: json('A parameter is wrong; the sentence names it', Type.Object({ error: Type.String() })),
      503: json('There are as many clients as may be', Type.Object({ error: Type.String() })),
    },
    handle(request, reply) {
      const wanted = wantedOf(request.query, request.headers);
      reply.type(CONTENT_TYPE).header('cache-control', 'no-store').header('x-accel-buffering', 'no');
      if (request.method === 'HEAD') return reply.send('');

      if (!stream.admits()) {
        const error = 'too many clients listen to the stream; end one of them, or raise stream.clients';
        return reply.code(503).type('application/json').header('retry-after', RETRY_SECONDS).send({ error });
      }
      reply.hijack();
      reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
      stream.join(reply.raw, wanted);
      return reply;
    },
  };
}

function wantedOf(query: unknown, headers: IncomingHttpHeaders): Wanted {
  const { kinds, workload } = readQuery(query, ['kinds', 'workload']);
  const lastEventId = headers['last-event-id'];

  return {
    kinds:
      kinds === undefined ? undefined : new Set(kinds.split(',').map((kind) => choiceOf('kinds', kind, STREAM_KINDS))),
    workload,
    lastEventId: typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : undefined,
  };
}
