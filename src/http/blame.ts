import * as Type from 'typebox';

import { STALL_RESOURCES, type StallResource } from '../core/model/stall.ts';
import { BlameAnswer, BlameParameters, BY, WINDOW_MS } from './blame-schema.ts';
import { choiceOf, durationOf, readQuery } from './query.ts';
import { json, type Route } from './route.ts';

/** What was asked of `GET /blame`. */
export interface BlameQuery {
  readonly windowMs: number;
  readonly victim: string | undefined;
  readonly offender: string | undefined;
  readonly resource: StallResource | undefined;
  readonly by: (typeof BY)[number];
}

/** `GET /blame`: who made whom wait. `answer` gives what `BlameAnswer` describes; NaN stands for null. */
export function blameRoute(answer: (query: BlameQuery) => object): Route {
  return {
    method: 'GET',
    url: '/blame',
    summary: 'Who made whom wait over the last while, behind which process, and what could not be seen',
    isPrivate: true,
    parameters: BlameParameters,
    responses: {
      200: json('Victims and what they waited behind', BlameAnswer),
      400: json('A parameter is wrong; the sentence names it', Type.Object({ error: Type.String() })),
    },
    handle: (request, reply) => reply.header('cache-control', 'no-store').send(answer(queryOf(request.query))),
  };
}

function queryOf(query: unknown): BlameQuery {
  const names = Object.keys(BlameParameters.properties) as (keyof typeof BlameParameters.properties)[];
  const { window, victim, offender, resource, by } = readQuery(query, names);

  return {
    windowMs: window === undefined ? WINDOW_MS.default : durationOf('window', window, WINDOW_MS.min, WINDOW_MS.max),
    victim,
    offender,
    resource: resource === undefined ? undefined : choiceOf('resource', resource, STALL_RESOURCES),
    by: by === undefined ? 'workload' : choiceOf('by', by, BY),
  };
}
