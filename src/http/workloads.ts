import * as Type from 'typebox';

import { WORKLOAD_KINDS, type WorkloadKind } from '../core/model/workload.ts';
import { WORKLOAD_SORTS, type WorkloadSort } from '../core/model/workload-sort.ts';
import { cursorOf, placeOf } from './cursor.ts';
import { choiceOf, numberOf, readQuery } from './query.ts';
import { json, type Route } from './route.ts';
import { PressureAnswer, WorkloadsAnswer } from './workloads-schema.ts';

const LIMIT = { min: 1, max: 1_000, default: 50 } as const;

/** What was asked of `GET /workloads`. */
export interface WorkloadsQuery {
  readonly kind: WorkloadKind | undefined;
  readonly namespace: string | undefined;
  readonly sort: WorkloadSort;
  readonly limit: number;
  readonly after: { readonly value: number; readonly name: string } | undefined;
}

/** What `WorkloadsAnswer` describes, but for `next`, which is still a place. */
export interface WorkloadsFound {
  readonly total: number;
  readonly matched: number;
  readonly workloads: readonly object[];
  readonly degraded: readonly string[];
  readonly next?: NonNullable<WorkloadsQuery['after']>;
}

const Limit = Type.Optional(
  Type.Integer({ minimum: LIMIT.min, maximum: LIMIT.max, default: LIMIT.default, description: 'The most to answer.' }),
);
const errors = { 400: json('A parameter is wrong; the sentence names it', Type.Object({ error: Type.String() })) };

const Parameters = Type.Object({
  kind: Type.Optional(Type.Enum([...WORKLOAD_KINDS], { description: 'Only workloads of this kind.' })),
  namespace: Type.Optional(Type.String({ description: 'Only workloads of this Kubernetes namespace.' })),
  sort: Type.Optional(
    Type.Enum([...WORKLOAD_SORTS], {
      default: 'cpu',
      description: '`stall`: who makes others wait; `wait`: who waits for others.',
    }),
  ),
  limit: Limit,
  cursor: Type.Optional(
    Type.String({
      description:
        'The `next` of an earlier answer with the same `sort`. What changed place meanwhile may be seen twice, or not.',
    }),
  ),
});

/** `GET /workloads`: where something lives, the most first. */
export function workloadsRoute(find: (query: WorkloadsQuery) => WorkloadsFound): Route {
  return {
    method: 'GET',
    url: '/workloads',
    summary:
      'Containers, pods, units and other workloads in which something lives, and what each uses, causes and suffers',
    isPrivate: true,
    parameters: Parameters,
    responses: { 200: json('A page of workloads', WorkloadsAnswer), ...errors },
    handle(request, reply) {
      const query = queryOf(request.query);
      const { next, ...found } = find(query);
      const page = next === undefined ? found : { ...found, next: cursorOf(query.sort, placeIn(next)) };
      return reply.header('cache-control', 'no-store').send(page);
    },
  };
}

function placeIn({ value, name }: NonNullable<WorkloadsQuery['after']>) {
  return { value, identity: [name] };
}

function queryOf(given: unknown): WorkloadsQuery {
  const names = Object.keys(Parameters.properties) as (keyof typeof Parameters.properties)[];
  const { kind, namespace, sort: by, limit, cursor } = readQuery(given, names);
  const sort = by === undefined ? 'cpu' : choiceOf('sort', by, WORKLOAD_SORTS);
  const place = cursor === undefined ? undefined : placeOf(cursor, sort, ['string']);

  return {
    kind: kind === undefined ? undefined : choiceOf('kind', kind, WORKLOAD_KINDS),
    namespace,
    sort,
    limit: limitOf(limit),
    after: place && { value: place.value, name: String(place.identity[0]) },
  };
}

/** What was asked of `GET /pressure`. */
export interface PressureQuery {
  readonly workload: string | undefined;
  readonly limit: number;
}

const PressureParameters = Type.Object({
  workload: Type.Optional(Type.String({ description: 'Only the workload with this name, beside the host.' })),
  limit: Limit,
});

/** `GET /pressure`. `report` gives what `PressureAnswer` describes. */
export function pressureRoute(report: (query: PressureQuery) => object): Route {
  return {
    method: 'GET',
    url: '/pressure',
    summary: 'How much of the last ten seconds tasks of the host and of each workload waited for CPU, memory and IO',
    isPrivate: true,
    parameters: PressureParameters,
    responses: { 200: json('Pressure stalls; who has the largest share comes first', PressureAnswer), ...errors },
    handle(request, reply) {
      const { workload, limit } = readQuery(request.query, ['workload', 'limit']);
      return reply.header('cache-control', 'no-store').send(report({ workload, limit: limitOf(limit) }));
    },
  };
}

function limitOf(limit: string | undefined): number {
  return limit === undefined ? LIMIT.default : numberOf('limit', limit, LIMIT.min, LIMIT.max);
}
