import * as Type from 'typebox';

import type { ProcessId } from '../core/model/process.ts';
import { PROCESS_SORTS, type ProcessSort } from '../core/model/process-sort.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { ProcessesAnswer } from './process-schema.ts';
import { choiceOf, numberOf, readQuery } from './query.ts';
import { json, type Route } from './route.ts';

export const LIMIT = { min: 1, max: 500, default: 50 } as const;

/** Where a page of processes ended. */
export interface Position extends ProcessId {
  /** NaN: not known. */
  readonly value: number;
}

/** What was asked of `GET /processes`. */
export interface ProcessesQuery {
  readonly namespace: string | undefined;
  readonly workload: string | undefined;
  readonly group: string | undefined;
  /** A name, or a number. */
  readonly user: string | undefined;
  readonly sort: ProcessSort;
  readonly limit: number;
  readonly after: Position | undefined;
}

/** What `ProcessesAnswer` describes, but for `next`, which is still a place. */
export interface ProcessesFound {
  readonly total: number;
  readonly matched: number;
  readonly processes: readonly object[];
  readonly degraded: readonly string[];
  readonly next?: Position;
}

const Name = (description: string) => Type.Optional(Type.String({ description }));

const Parameters = Type.Object({
  namespace: Name('Only processes of this Kubernetes namespace.'),
  workload: Name('Only processes of the workload with this name.'),
  group: Name('Only processes of the group with this name.'),
  user: Name("Only processes of this user, by name in the host's /etc/passwd or by uid."),
  sort: Type.Optional(
    Type.Enum([...PROCESS_SORTS], { default: 'cpu', description: '`stall`: who makes other workloads wait.' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: LIMIT.min,
      maximum: LIMIT.max,
      default: LIMIT.default,
      description: 'The most to answer.',
    }),
  ),
  cursor: Name(
    'The `next` of an earlier answer with the same `sort`. What changed place meanwhile may be seen twice, or not.',
  ),
});

/** `GET /processes`: who lives, the most first. */
export function processesRoute(find: (query: ProcessesQuery) => ProcessesFound): Route {
  return {
    method: 'GET',
    url: '/processes',
    summary: 'Living processes and what each does now, sorted by CPU, memory, forks, or how long it makes others wait',
    isPrivate: true,
    parameters: Parameters,
    responses: {
      200: json('A page of processes', ProcessesAnswer),
      400: json('A parameter is wrong; the sentence names it', Type.Object({ error: Type.String() })),
    },
    handle(request, reply) {
      const query = queryOf(request.query);
      const { next, ...found } = find(query);
      const page = next === undefined ? found : { ...found, next: cursorOf(query.sort, placeIn(next)) };
      return reply.header('cache-control', 'no-store').send(page);
    },
  };
}

function placeIn({ value, pid, startedNs }: Position) {
  return { value, identity: [pid, startedNs] };
}

function positionOf(cursor: string, sort: ProcessSort): Position {
  const { value, identity } = placeOf(cursor, sort, ['number', 'number']);
  return { value, pid: Number(identity[0]), startedNs: Number(identity[1]) };
}

function queryOf(given: unknown): ProcessesQuery {
  const names = Object.keys(Parameters.properties) as (keyof typeof Parameters.properties)[];
  const { namespace, workload, group, user, sort: by, limit, cursor } = readQuery(given, names);
  const sort = by === undefined ? 'cpu' : choiceOf('sort', by, PROCESS_SORTS);

  return {
    namespace,
    workload,
    group,
    user,
    sort,
    limit: limit === undefined ? LIMIT.default : numberOf('limit', limit, LIMIT.min, LIMIT.max),
    after: cursor === undefined ? undefined : positionOf(cursor, sort),
  };
}
