import * as Type from 'typebox';

import type { Sources } from './ports.ts';
import { json, type Route } from './route.ts';

const Reloaded = Type.Object({ ok: Type.Literal(true) });
const Refused = Type.Object({ ok: Type.Literal(false), faults: Type.String() });

/** `POST /-/reload`: the new configuration holds, or the old one does and the faults are told. */
export function reloadRoute(reload: Sources['reload']): Route {
  return {
    method: 'POST',
    url: '/-/reload',
    summary: 'Reads the configuration again, as SIGHUP does',
    isPrivate: true,
    responses: {
      200: json('It was valid and holds now', Reloaded),
      400: json('It has faults; the old one holds', Refused),
    },
    async handle(_, reply) {
      const outcome = await reload();
      return await reply.code(outcome.ok ? 200 : 400).send(outcome);
    },
  };
}

export function statusRoute(status: Sources['status']): Route {
  return {
    method: 'GET',
    url: '/status',
    summary: 'What Culprit sees, what it lost, and what it keeps',
    isPrivate: true,
    responses: { 200: json('The status', Type.Object({}, { additionalProperties: true })) },
    handle: (_, reply) => reply.header('cache-control', 'no-store').send(status()),
  };
}
