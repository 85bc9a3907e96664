import * as Type from 'typebox';

import { ENTITY_KINDS, SEVERITIES } from '../core/model/finding.ts';
import { INCIDENT_STATES } from '../core/model/incident.ts';
import { WorkloadAnswer } from './workload-schema.ts';

export const LIMIT = { default: 100, max: 1_000 } as const;

const Time = (description: string) => Type.String({ format: 'date-time', description });
const Maybe = <Schema extends Type.TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const Process = Type.Object({
  pid: Type.Integer(),
  startedNs: Type.Number({ description: 'Nanoseconds since boot: with the pid, its identity.' }),
  comm: Type.String(),
  exe: Type.String({ description: 'Base name of the file that runs; empty where it is not known.' }),
});

const Evidence = Type.Object({
  id: Type.String({ description: 'E1, E2, … within the incident.' }),
  what: Type.String(),
  value: Type.Number(),
  unit: Type.String({ description: 'UCUM.' }),
  source: Type.String({ description: 'Where the number is from.' }),
  from: Time('Begin of the interval that it is about.'),
  to: Time('Its end.'),
});

/** One incident, as `GET /incidents` tells it. */
export const IncidentAnswer = Type.Object({
  id: Type.String({ description: 'UUIDv7.' }),
  traceId: Type.String({ description: 'Of its span: the id without dashes.' }),
  spanId: Type.String({ description: 'Its last 16 digits.' }),
  fingerprint: Type.String({ description: 'The same for the same detector and entity.' }),
  detector: Type.String(),
  title: Type.String(),
  severity: Type.Enum([...SEVERITIES]),
  state: Type.Enum([...INCIDENT_STATES], {
    description: 'Lost: it was open when Culprit ended, and nobody saw what came of it.',
  }),
  entity: Type.Object({
    kind: Type.Enum([...ENTITY_KINDS]),
    name: Type.String({ description: 'What it is about.' }),
  }),
  culprit: Type.Object({
    process: Maybe(Process, 'Null where none of the workload stands out.'),
    lineage: Type.Array(Process, { description: 'From its parent upwards.' }),
    group: Type.String(),
    workload: Maybe(WorkloadAnswer, 'Null where it is not known.'),
  }),
  victim: Maybe(WorkloadAnswer, 'Who suffers from it, where that is somebody else.'),
  value: Type.Number({ description: 'When it was found.' }),
  threshold: Type.Number(),
  unit: Type.String({ description: 'UCUM, of the value and the threshold.' }),
  windowSeconds: Type.Number({ description: 'Over which the value was measured.' }),
  peak: Type.Object({ value: Type.Number(), at: Time('When it was worst.') }),
  evidence: Type.Array(Evidence, { description: 'Of its peak.' }),
  forecast: Maybe(Type.Object({ what: Type.String(), seconds: Type.Number() }), 'When something will have run out.'),
  onsetAt: Time('When it began.'),
  detectedAt: Time('When it was found.'),
  lastSeenAt: Time('When it was last seen to be so; of one that an earlier run found, to the minute.'),
  resolvedAt: Maybe(Time('When it was over.'), 'Null while it is open, and where it is lost.'),
  overlaps: Type.Array(Type.String(), { description: 'Ids of others that were open when it began.' }),
});
export type IncidentAnswer = Type.Static<typeof IncidentAnswer>;

const Runbook = Type.Object(
  { meaning: Type.String(), impact: Type.String(), diagnosis: Type.String(), mitigation: Type.String() },
  { description: 'Of its detector; empty where this Culprit has no such detector any more.' },
);
export type RunbookAnswer = Readonly<Type.Static<typeof Runbook>>;

/** One incident, as `GET /incidents/{id}` tells it. */
export const IncidentDetail = Type.Object({ ...IncidentAnswer.properties, runbook: Runbook });
export type IncidentDetail = Type.Static<typeof IncidentDetail>;

export const IncidentsAnswer = Type.Object({
  incidents: Type.Array(IncidentAnswer, { description: 'The latest first.' }),
  degraded: Type.Array(Type.String(), { description: 'Why those of the past may be missing.' }),
  next: Type.Optional(Type.String({ description: 'The `cursor` of the next page; absent on the last.' })),
});

/** The parameters of `GET /incidents`. */
export const IncidentParameters = Type.Object({
  state: Type.Optional(
    Type.Enum([...INCIDENT_STATES], { description: 'Only those that are open, that are over, or that are lost.' }),
  ),
  detector: Type.Optional(Type.String({ description: 'Only those of this detector, such as fork-storm.' })),
  workload: Type.Optional(Type.String({ description: 'Only those that this workload caused or suffers from.' })),
  since: Type.Optional(
    Type.String({
      description: 'Only those found since: an RFC 3339 time, or so long ago, such as 30s, 15m, 2h or 7d.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({ default: LIMIT.default, minimum: 1, maximum: LIMIT.max, description: 'So many at most.' }),
  ),
  cursor: Type.Optional(Type.String({ description: 'The `next` of an earlier answer.' })),
});
