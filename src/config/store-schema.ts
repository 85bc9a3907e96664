import * as Type from 'typebox';

export const StoreSchema = Type.Object(
  {
    path: Type.String({
      default: '/var/lib/culprit/culprit.db',
      format: 'absolute-path-or-empty',
      description:
        'The file that incidents are stored in, so that they survive a restart; its folder is made. Empty stores nothing. Each Culprit of a host needs its own.',
    }),
    incidents: Type.Integer({
      default: 10_000,
      minimum: 100,
      maximum: 1_000_000,
      description: 'Incidents kept in the store; over it, the oldest that are not open are forgotten.',
    }),
    retentionDays: Type.Number({
      default: 30,
      minimum: 0.01,
      maximum: 3_650,
      description: 'How long after it was found an incident that is not open is forgotten.',
    }),
  },
  { additionalProperties: false },
);
