import * as Type from 'typebox';

export const StreamSchema = Type.Object(
  {
    clients: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 192,
      description: 'Clients that may listen to /stream at once; one more is answered 503.',
    }),
    events: Type.Integer({
      default: 8_192,
      minimum: 1_024,
      maximum: 65_536,
      description:
        'Events kept while somebody listens to /stream, once for all clients: who is slow, or comes back, misses what is older, and is told so. No more than 4 MiB of text.',
    }),
  },
  { additionalProperties: false },
);

export const RecordPath = Type.String({
  default: '',
  format: 'path-or-empty',
  description:
    'A file to write every event to, for culprit replay; empty for none. One that is there already is kept beside it, as .1. Arguments of processes are not written.',
});

export const RecordMebibytes = Type.Integer({
  default: 256,
  minimum: 1,
  maximum: 1_048_576,
  description: 'Size that the recording never exceeds; when it is reached, no more is recorded.',
});
