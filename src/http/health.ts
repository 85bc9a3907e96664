import * as Type from 'typebox';

import type { Readiness } from './ports.ts';
import { json, type Route, text } from './route.ts';

const Ready = Type.Object({ ready: Type.Literal(true), mode: Type.String(), degraded: Type.Array(Type.String()) });
const NotReady = Type.Object({ ready: Type.Literal(false), mode: Type.String(), reasons: Type.Array(Type.String()) });

/** `GET /-/healthy`: 200 for as long as the process answers. */
export function healthyRoute(): Route {
  return {
    method: 'GET',
    url: '/-/healthy',
    summary: 'Whether the process answers',
    isPrivate: false,
    responses: { 200: text('It does', Type.String()) },
    handle: (_, reply) => reply.type('text/plain; charset=utf-8').send('Culprit is healthy.\n'),
  };
}

/** `GET /-/ready`: 503 with reasons while what the operator asked for is missing; degraded by choice is ready, and says so. */
export function readyRoute(readiness: Readiness): Route {
  return {
    method: 'GET',
    url: '/-/ready',
    summary: 'Whether all that was asked for is seen, and if not, what is missing',
    isPrivate: false,
    responses: { 200: json('Ready; degraded says what it cannot see', Ready), 503: json('Not ready', NotReady) },
    handle: (_, reply) => {
      const { ready, mode, reasons } = readiness.ready();
      const answer = ready ? { ready, mode, degraded: reasons } : { ready, mode, reasons };
      return reply
        .code(ready ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(answer);
    },
  };
}
