import type { FastifyReply } from 'fastify';
import * as Type from 'typebox';

import { INCIDENT_STATES, type Incident, type IncidentState } from '../core/model/incident.ts';
import { incidentAnswer, incidentDetail } from './incident-answer.ts';
import { IncidentDetail, IncidentParameters, IncidentsAnswer, LIMIT } from './incidents-schema.ts';
import type { Incidents } from './ports.ts';
import { choiceOf, integerOf, QueryError, readQuery } from './query.ts';
import { json, type Route } from './route.ts';

const Fault = Type.Object({ error: Type.String() });
const AGO = /^(\d+(?:\.\d+)?)(s|m|h|d)$/;
const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `GET /incidents`, `GET /incidents/:id` and `GET /alerts`. */
export function incidentRoutes(incidents: Incidents): Route[] {
  const answer = (incident: Incident) => incidentAnswer(incident, incidents.wallOffsetMs());
  const found = (reply: FastifyReply, { incidents: page, ...more }: IncidentsFound) =>
    reply.header('cache-control', 'no-store').send({ incidents: page.map(answer), ...more });

  return [
    {
      method: 'GET',
      url: '/incidents',
      summary: 'What is wrong or was, since when, and who is to blame',
      isPrivate: true,
      parameters: IncidentParameters,
      responses: { 200: json('Incidents', IncidentsAnswer), 400: json('A parameter is wrong', Fault) },
      handle: ({ query }, reply) => found(reply, incidents.find(queryOf(query, incidents))),
    },
    {
      method: 'GET',
      url: '/incidents/:id',
      summary: 'One incident, with its evidence and what to do about it',
      isPrivate: true,
      path: Type.Object({ id: Type.String({ description: 'As `/incidents` tells it.' }) }),
      responses: { 200: json('The incident', IncidentDetail), 404: json('There is none', Fault) },
      handle({ params }, reply) {
        const { id } = params as { id: string };
        const incident = incidents.get(id);
        if (incident === undefined)
          return reply
            .code(404)
            .send({ error: `no incident ${JSON.stringify(id)}: GET /incidents lists what there is` });
        const detail = incidentDetail(incident, incidents.runbookOf(incident.detector), incidents.wallOffsetMs());
        return reply.header('cache-control', 'no-store').send(detail);
      },
    },
    {
      method: 'GET',
      url: '/alerts',
      summary: 'What is wrong now: the incidents that are open',
      isPrivate: true,
      responses: { 200: json('Open incidents', IncidentsAnswer) },
      handle: (_, reply) => found(reply, incidents.find({ ...EVERYTHING, state: 'open' })),
    },
  ];
}

/** What was asked of `GET /incidents`. */
export interface IncidentQuery {
  readonly state: IncidentState | undefined;
  readonly detector: string | undefined;
  readonly workload: string | undefined;
  /** An instant of the core. */
  readonly sinceAt: number | undefined;
  readonly limit: number;
  /** Only those before this id. */
  readonly before: string | undefined;
}

/** What `IncidentsAnswer` describes. */
export interface IncidentsFound {
  readonly incidents: readonly Incident[];
  readonly degraded: readonly string[];
  /** The last of them, where more come. */
  readonly next?: string;
}

const EVERYTHING: IncidentQuery = {
  state: undefined,
  detector: undefined,
  workload: undefined,
  sinceAt: undefined,
  limit: LIMIT.max,
  before: undefined,
};

function queryOf(query: unknown, { detectors, now, wallOffsetMs }: Incidents): IncidentQuery {
  const names = Object.keys(IncidentParameters.properties) as (keyof typeof IncidentParameters.properties)[];
  const { state, detector, workload, since, limit, cursor } = readQuery(query, names);

  return {
    state: state === undefined ? undefined : choiceOf('state', state, INCIDENT_STATES),
    detector: detector === undefined ? undefined : choiceOf('detector', detector, detectors),
    workload,
    sinceAt: since === undefined ? undefined : sinceOf(since, now(), wallOffsetMs()),
    limit: limit === undefined ? LIMIT.default : integerOf('limit', limit, 1, LIMIT.max),
    before: cursor === undefined ? undefined : idOf(cursor),
  };
}

/** Ids are in the order of time, so the last one of a page says where the next begins. */
function idOf(cursor: string): string {
  if (/^[\w-]{1,64}$/.test(cursor)) return cursor;
  throw new QueryError(`cursor: expected the "next" of an earlier answer; got ${JSON.stringify(cursor)}`);
}

function sinceOf(since: string, now: number, wallOffsetMs: number): number {
  const [, number, unit] = AGO.exec(since) ?? [];
  if (number !== undefined) return now - Number(number) * UNITS_MS[unit as keyof typeof UNITS_MS];
  const unixMs = /^\d{4}-\d\d-\d\dT/.test(since) ? Date.parse(since) : Number.NaN;
  if (!Number.isNaN(unixMs)) return unixMs - wallOffsetMs;
  throw new QueryError(
    `since: expected an RFC 3339 time, or how long ago, such as 30s, 15m, 2h or 7d; got ${JSON.stringify(since)}`,
  );
}
