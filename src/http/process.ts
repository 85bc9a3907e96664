import type { FastifyReply, FastifyRequest } from 'fastify';
import * as Type from 'typebox';

import { ForestAnswer, GraphAnswer } from './graph-schema.ts';
import { Identity, PID_MAX, ProcessAnswer } from './process-schema.ts';
import { numberOf, readQuery } from './query.ts';
import { json, type Route } from './route.ts';

/** Which process is asked about; without a start, the one that has the pid now, or had it last. */
export interface Wanted {
  readonly pid: number;
  readonly startedNs: number | undefined;
}

/** How much of a graph is wanted. */
export interface GraphBounds {
  readonly depth: number;
  readonly children: number;
  readonly limit: number;
}

const BOUNDS = {
  depth: { min: 0, max: 64, default: 16 },
  children: { min: 1, max: 1_000, default: 20 },
  limit: { min: 0, max: 2_000, default: 200 },
} as const;

const Bounded = ({ min, max, default: initial }: (typeof BOUNDS)[keyof typeof BOUNDS], description: string) =>
  Type.Optional(Type.Integer({ minimum: min, maximum: max, default: initial, description }));

const Path = Type.Object({ pid: Identity.pid });
const Started = {
  startedNs: Type.Optional(
    Type.Number({ description: 'Only the process that started then: pids are used again, and this one may be gone.' }),
  ),
};
const Bounds = {
  depth: Bounded(BOUNDS.depth, 'Generations below it.'),
  children: Bounded(BOUNDS.children, 'Children of one process, the heaviest of them.'),
  limit: Bounded(BOUNDS.limit, 'Processes below it in all, near ones before far ones.'),
};

const errors = {
  400: json('A parameter is wrong; the sentence names it', Type.Object({ error: Type.String() })),
  404: json('No such process lives, or ended a short while ago', Type.Object({ error: Type.String() })),
};

/** `GET /processes/:pid`. `find` gives what `ProcessAnswer` describes, or nothing. */
export function processRoute(find: (wanted: Wanted) => object | undefined): Route {
  return {
    method: 'GET',
    url: '/processes/:pid',
    summary: 'One process, living or ended a short while ago',
    isPrivate: true,
    path: Path,
    parameters: Type.Object(Started),
    responses: { 200: json('The process', ProcessAnswer), ...errors },
    handle(request, reply) {
      const { startedNs } = readQuery(request.query, ['startedNs']);
      const wanted = wantedOf(request, startedNs);
      return send(reply, wanted, find(wanted));
    },
  };
}

/** `GET /graph/:pid`. `find` gives what `GraphAnswer` describes, or nothing. */
export function graphRoute(find: (wanted: Wanted, bounds: GraphBounds) => object | undefined): Route {
  return {
    method: 'GET',
    url: '/graph/:pid',
    summary: 'Whom a process comes from, who comes from it, and what was left out',
    isPrivate: true,
    path: Path,
    parameters: Type.Object({ ...Started, ...Bounds }),
    responses: { 200: json('Its ancestors and descendants', GraphAnswer), ...errors },
    handle(request, reply) {
      const { startedNs, ...given } = readQuery(request.query, ['startedNs', 'depth', 'children', 'limit']);
      const wanted = wantedOf(request, startedNs);
      return send(reply, wanted, find(wanted, boundsOf(given)));
    },
  };
}

/** `GET /graph`. `find` gives what `ForestAnswer` describes. */
export function forestRoute(find: (bounds: GraphBounds) => object): Route {
  return {
    method: 'GET',
    url: '/graph',
    summary: 'Every process below who begat it, kernel threads aside, and what was left out',
    isPrivate: true,
    parameters: Type.Object(Bounds),
    responses: { 200: json('The processes below nobody, and who comes from them', ForestAnswer), 400: errors[400] },
    handle(request, reply) {
      const found = find(boundsOf(readQuery(request.query, ['depth', 'children', 'limit'])));
      return reply.header('cache-control', 'no-store').send(found);
    },
  };
}

function boundsOf(given: Partial<Record<keyof typeof BOUNDS, string>>): GraphBounds {
  const bound = (name: keyof typeof BOUNDS) => {
    const { min, max, default: initial } = BOUNDS[name];
    return given[name] === undefined ? initial : numberOf(name, given[name], min, max);
  };
  return { depth: bound('depth'), children: bound('children'), limit: bound('limit') };
}

function wantedOf({ params }: FastifyRequest, startedNs: string | undefined): Wanted {
  const { pid } = params as { readonly pid: string };
  return {
    pid: numberOf('pid', pid, 1, PID_MAX),
    startedNs: startedNs === undefined ? undefined : numberOf('startedNs', startedNs, 0, Number.MAX_VALUE),
  };
}

function send(reply: FastifyReply, { pid, startedNs }: Wanted, found: object | undefined): FastifyReply {
  reply.header('cache-control', 'no-store');
  if (found !== undefined) return reply.send(found);
  const started = startedNs === undefined ? '' : ` that started at ${startedNs} ns`;
  return reply.code(404).send({ error: `no process ${pid}${started} lives, or ended a short while ago` });
}
